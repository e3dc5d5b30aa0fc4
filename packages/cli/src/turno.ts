#!/usr/bin/env node
import { program } from './program.ts';

try {
  await program().parseAsync();
} catch (error) {
  console.error(`turno: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
