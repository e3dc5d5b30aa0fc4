import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The services and the operator's program: each has an image. */
export const imagePackages = ['@turno/gateway', '@turno/ticketing', '@turno/notifications', '@turno/cli'] as const;

export interface PnpmRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the pnpm that package.json names to its end. */
export function pnpm(...args: string[]): PnpmRun {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', packageManager, ...args], options);
  return { status: status ?? 1, stdout, stderr };
}

/** @throws with what pnpm said when it fails */
export function outputOfPnpm(...args: string[]): string {
  const { status, stdout, stderr } = pnpm(...args);
  if (status !== 0) throw new Error(`pnpm ${args.join(' ')} ended with ${status}: ${stderr || stdout}`);
  return stdout;
}
