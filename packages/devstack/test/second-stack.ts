import { existsSync, readFileSync } from 'node:fs';
import { cacheFolder, checkoutRoot, stackId } from '../src/checkout.ts';
import { startStack, type Stack } from '../src/index.ts';
import { ledgerFile, readLedger, type LedgerEntries } from '../src/ledger.ts';
import { isRunning, processesOf, type ProcessIdentity } from '../src/processes.ts';

/** Whether this machine can have servers from Debian packages: they alone have our gateway in front of the database. */
export const canHaveDebianPackages =
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

/** Servers beside those of the test run, for tests that break them. Says nothing. */
export function startSecondStack(name: string, keepData = false): Promise<Stack> {
  return startStack({ name, keepData, report: () => {} });
}

const idOf = (name: string) => stackId(checkoutRoot(), name);

/** What the supervisor of that stack has written down; nothing once it has ended in order. */
export function ledgerOf(name: string): LedgerEntries | undefined {
  return readLedger(ledgerFile(cacheFolder(), idOf(name)));
}

/** Its living processes: those that were written down, and any that only carry its marker. */
export function runningProcessesOf(name: string, written: readonly ProcessIdentity[] = []): string[] {
  const found = [...written.filter(isRunning), ...processesOf(idOf(name), '/nonexistent')];
  return found.map(({ pid }) => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`);
}
