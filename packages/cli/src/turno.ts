#!/usr/bin/env node
import { withoutPasswords } from '@turno/shared';
import { program } from './program.ts';

try {
  await program().parseAsync();
} catch (error) {
  console.error(`turno: ${withoutPasswords(error instanceof Error ? error.message : String(error))}`);
  process.exitCode = 1;
}
