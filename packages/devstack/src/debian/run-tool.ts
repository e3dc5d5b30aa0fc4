import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { identify, signal, stackMarker } from '../processes.ts';
import type { StackContext } from '../stack-context.ts';

/** For whom a tool runs. */
export type ToolContext = Pick<StackContext, 'id' | 'ending' | 'onEnd'> & {
  readonly ledger: Pick<StackContext['ledger'], 'addProcess'>;
};

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program to its end and gives its output, both streams. It is killed with its whole process group when the stack ends
 * before it. Rejects with the last lines of the output if it fails.
 */
export async function runTool(
  context: ToolContext,
  command: string,
  args: readonly string[],
  { cwd = '/', env = {}, onLine = () => {} }: ToolOptions = {},
): Promise<string> {
  context.ending.throwIfAborted();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env, [stackMarker]: context.id },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity) context.ledger.addProcess(identity);
  context.onEnd(async () => {
    if (pid !== undefined && child.exitCode === null && child.signalCode === null) signal(-pid, 'SIGKILL');
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signalName) => resolve(exitCode ?? signalName));
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${lines.slice(-12).join('\n')}`);
  return lines.join('\n');
}
