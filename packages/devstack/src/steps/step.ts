import type { ManagedBroker, ManagedDatabase, ManagedRedis } from '../servers/server.ts';
import type { StackContext } from '../stack-context.ts';

/** Said by a step that cannot give the server here; the next one is tried. Any other error ends the start. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** Worth a line of its own, as one would have expected the server from here. */
  readonly surprising: boolean;

  constructor(message: string, { surprising = false } = {}) {
    super(message);
    this.surprising = surprising;
  }
}

/** One of the places a server can come from. */
export interface Step {
  readonly name: string;
  /** Throws {@link Unavailable} to pass the turn on. */
  broker(): Promise<ManagedBroker>;
  /** Throws {@link Unavailable} to pass the turn on. */
  database(): Promise<ManagedDatabase>;
  /** Throws {@link Unavailable} to pass the turn on. */
  redis(): Promise<ManagedRedis>;
}

export type StepMaker = (context: StackContext) => Step;
