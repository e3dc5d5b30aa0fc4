import { rm } from 'node:fs/promises';
import { ledgerFile, readLedger } from './ledger.ts';
import { isRunning, killAll, processesOf } from './processes.ts';
import { removeContainers } from './steps/docker-engine.ts';

/** Kills what still runs of a stack. Only call it while holding the stack's lock. */
export async function killProcesses(stackId: string, folders: readonly string[]): Promise<void> {
  const places = folders.length > 0 ? folders : [''];
  await killAll(() => places.flatMap((folder) => processesOf(stackId, folder || '/nonexistent')));
}

/**
 * Puts away what a start of this stack left whose supervisor was killed: processes, containers, and folders whose data was not
 * to be kept. Does nothing after an orderly end. Only call it while holding the stack's lock.
 */
export async function removeLeftovers(cache: string, stackId: string): Promise<boolean> {
  const file = ledgerFile(cache, stackId);
  const ledger = readLedger(file);
  if (!ledger) return false;
  await killAll(() => ledger.processes.filter(isRunning));
  await killProcesses(
    stackId,
    ledger.folders.map(({ path }) => path),
  );
  if (ledger.containers.length > 0) await removeContainers(ledger.containers);
  for (const { path, keep } of ledger.folders) {
    if (!keep) await rm(path, { recursive: true, force: true });
  }
  await rm(file, { force: true });
  return true;
}
