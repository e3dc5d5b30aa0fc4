import type { Ledger } from './ledger.ts';

/** What a step needs to know of the stack it brings a server up for. */
export interface StackContext {
  readonly id: string;
  readonly keepData: boolean;
  readonly checkout: string;
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly ledger: Ledger;
  /** One lasting line for the person who waits. */
  line(text: string): void;
  /** What a long step is doing at the moment. */
  phase(text: string): void;
  /** Aborted once the stack is being put away: nothing may be started from then on. */
  readonly ending: AbortSignal;
  /** Registers something to undo when the stack ends, or when its start fails half-way. */
  onEnd(undo: () => Promise<void>): void;
}
