import { spawnSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackContext } from '../stack-context.ts';
import type { Installation } from './installation.ts';

let mayTie: boolean | undefined;

/** Whether a program can be had killed at its parent's death (setpriv of util-linux). Without it the ledger has to do. */
function canTieToParent(): boolean {
  mayTie ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return mayTie;
}

/** The programs of this host, run as the user who starts the stack, on a folder of the cache, empty unless data are kept. */
export async function openHostFolder(context: StackContext, server: string): Promise<Installation> {
  const folder = join(context.cache, 'data', context.id, server);
  if (!context.keepData) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  context.ledger.addFolder(folder, context.keepData);
  return {
    origin: 'of this host',
    folder,
    folderInside: folder,
    path: context.environment['PATH'] ?? '',
    command: (program, args, signalAtOrphaning = 'SIGKILL') =>
      canTieToParent()
        ? { command: 'setpriv', args: ['--pdeathsig', signalAtOrphaning.slice(3), '--', program, ...args] }
        : { command: program, args: [...args] },
    makeFolder: async (name) => void (await mkdir(join(folder, name), { recursive: true, mode: 0o700 })),
  };
}
