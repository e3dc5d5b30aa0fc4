import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessIdentity } from './processes.ts';

/** What a start has to put away if the start before it could not do so itself. */
export interface LedgerEntries {
  readonly checkout: string;
  readonly supervisor: ProcessIdentity;
  readonly owner: ProcessIdentity;
  readonly processes: readonly ProcessIdentity[];
  readonly containers: readonly string[];
  /** Folders with the servers' files. They go at the end, unless their data is kept. */
  readonly folders: readonly { readonly path: string; readonly keep: boolean }[];
}

export function ledgerFile(cache: string, stackId: string): string {
  return join(cache, 'stacks', `${stackId}.json`);
}

/** The ledger a former start left; nothing if it ended in order, or if the file is not readable as one. */
export function readLedger(file: string): LedgerEntries | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LedgerEntries;
  } catch {
    return undefined;
  }
}

/** The running stack's ledger: every entry is on disk before the call returns, so that a SIGKILL loses none. */
export class Ledger {
  readonly #file: string;
  #entries: LedgerEntries;

  constructor(file: string, entries: LedgerEntries) {
    this.#file = file;
    this.#entries = entries;
    mkdirSync(dirname(file), { recursive: true });
    this.#write();
  }

  get entries(): LedgerEntries {
    return this.#entries;
  }

  addProcess(identity: ProcessIdentity): void {
    this.#change({ processes: [...this.#entries.processes, identity] });
  }

  addContainer(id: string): void {
    this.#change({ containers: [...this.#entries.containers, id] });
  }

  addFolder(path: string, keep: boolean): void {
    this.#change({ folders: [...this.#entries.folders, { path, keep }] });
  }

  /** Call when everything in it is put away. */
  close(): void {
    rmSync(this.#file, { force: true });
  }

  #change(change: Partial<LedgerEntries>): void {
    this.#entries = { ...this.#entries, ...change };
    this.#write();
  }

  #write(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#entries, undefined, 2));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
