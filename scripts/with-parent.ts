import { spawnSync } from 'node:child_process';

/**
 * Put before a command line: the kernel then tells the command to stop when whoever started it dies, even by `kill -9`.
 * Empty where there is no such thing (it takes Linux).
 */
export const withParent: readonly string[] =
  spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'TERM'] : [];
