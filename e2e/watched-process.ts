import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@turno/testing';

const root = join(import.meta.dirname, '..');

/** A program of ours as a process of its own; all that it says is kept, and what everybody on the machine sees of it. */
export class WatchedProcess {
  /** Both streams, and the line by which `ps` shows it. */
  said = '';
  readonly #child: ChildProcess;

  constructor(args: readonly string[], variables: NodeJS.ProcessEnv) {
    const { PATH, HOME } = process.env;
    this.#child = spawn(process.execPath, ['--no-warnings', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), ...variables },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (piece: Buffer) => (this.said += piece.toString()));
    }
    this.said += readFileSync(`/proc/${this.#child.pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  }

  /** Resolves once it has said this. */
  async says(pattern: RegExp): Promise<void> {
    await eventually(() => pattern.test(this.said), 30_000);
  }

  /** Resolves to its exit code, once it has ended by itself or because it was asked to. */
  async ended({ signal }: { signal?: NodeJS.Signals } = {}): Promise<number | null> {
    if (this.#child.exitCode === null) {
      const exit = once(this.#child, 'close');
      if (signal) this.#child.kill(signal);
      await exit;
    }
    return this.#child.exitCode;
  }
}
