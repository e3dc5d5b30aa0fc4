import { cacheFolder } from '../checkout.ts';
import type { InstallContext } from './install.ts';

/** An installation of its own, without a stack: what it runs ends with this process. */
export function contextWithoutStack(id: string, environment: NodeJS.ProcessEnv): InstallContext {
  return {
    id,
    cache: cacheFolder(environment),
    ending: new AbortController().signal,
    ledger: { addProcess: () => undefined },
    onEnd: (undo) => void process.once('exit', () => void undo()),
    line: (text) => void process.stderr.write(`${text}\n`),
    phase: () => undefined,
  };
}
