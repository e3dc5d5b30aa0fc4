import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ledger, ledgerFile, readLedger, type LedgerEntries } from './ledger.ts';
import { removeLeftovers } from './leftovers.ts';
import { identify, isRunning, stackMarker, type ProcessIdentity } from './processes.ts';

const nobody: ProcessIdentity = { pid: 1, startTime: 'of another process' };
const empty: LedgerEntries = {
  checkout: '/checkout',
  supervisor: nobody,
  owner: nobody,
  processes: [],
  containers: [],
  folders: [],
};

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'ledger-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

async function startSleeper(environment: Record<string, string>): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['100'], { env: { ...process.env, ...environment }, stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('the process did not start');
  return identity;
}

describe('a ledger', () => {
  it('has every entry on disk at once', () => {
    const file = ledgerFile(cache, 'a');
    const ledger = new Ledger(file, empty);
    ledger.addProcess(nobody);
    ledger.addContainer('c1');
    ledger.addFolder('/data', true);
    const folders = [{ path: '/data', keep: true }];
    expect(readLedger(file)).toEqual({ ...empty, processes: [nobody], containers: ['c1'], folders });
  });

  it('is gone after an orderly end', () => {
    const ledger = new Ledger(ledgerFile(cache, 'a'), empty);
    ledger.close();
    expect(readLedger(ledgerFile(cache, 'a'))).toBeUndefined();
  });
});

describe('the next start', () => {
  it('kills what a killed one left, found by pid or by the marker it inherited', async () => {
    const known = await startSleeper({});
    const stray = await startSleeper({ [stackMarker]: 'a-stack' });
    const other = await startSleeper({ [stackMarker]: 'another-stack' });
    new Ledger(ledgerFile(cache, 'a-stack'), empty).addProcess(known);

    await expect(removeLeftovers(cache, 'a-stack')).resolves.toBe(true);

    expect([known, stray, other].map(isRunning)).toEqual([false, false, true]);
    process.kill(other.pid, 'SIGKILL');
  });

  it('leaves a process alone that has got a pid of the ledger since', async () => {
    const bystander = await startSleeper({});
    new Ledger(ledgerFile(cache, 'a'), empty).addProcess({ pid: bystander.pid, startTime: '1' });

    await removeLeftovers(cache, 'a');

    expect(isRunning(bystander)).toBe(true);
    process.kill(bystander.pid, 'SIGKILL');
  });

  it('removes the data that were not to be kept, and only those', async () => {
    const [lost = '', kept = ''] = ['lost', 'kept'].map((name) => join(cache, name));
    for (const folder of [lost, kept]) mkdirSync(folder);
    const ledger = new Ledger(ledgerFile(cache, 'a'), empty);
    ledger.addFolder(lost, false);
    ledger.addFolder(kept, true);

    await removeLeftovers(cache, 'a');

    expect([lost, kept].map(existsSync)).toEqual([false, true]);
  });

  it('has nothing to do after an orderly one', async () => {
    await expect(removeLeftovers(cache, 'never-started')).resolves.toBe(false);
  });
});
