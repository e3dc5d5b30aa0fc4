import type { RefusalReason } from './contracts/refusal.ts';

/** The base of every error that crosses a boundary in Turno: a stable code, and whether trying again can help. */
export abstract class TurnoError extends Error {
  abstract readonly code: string;
  /** True when the same request may succeed later without anybody changing it. */
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Ticketing looked at a well-formed request and said no. Nothing was stored; the same request gets the same answer. */
export class Refusal extends TurnoError {
  readonly code = 'REFUSED';
  readonly retryable = false;
  readonly reason: RefusalReason;
  /** In so many seconds the answer may be another one, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: RefusalReason, { retryAfterSeconds }: { readonly retryAfterSeconds?: number | undefined } = {}) {
    super(`refused: ${reason}`);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A message does not have the shape its contract demands. The fault is the sender's: a retry meets the same message. */
export class ContractViolation extends TurnoError {
  readonly code = 'CONTRACT_VIOLATION';
  readonly retryable = false;
}

/** The message did not leave: no connection, the broker blocks publishers, or no queue takes it. Nothing has happened. */
export class BrokerUnavailable extends TurnoError {
  readonly code = 'BROKER_UNAVAILABLE';
  readonly retryable = true;
}

/** Too many calls are in flight already; this one was not sent. */
export class Overloaded extends TurnoError {
  readonly code = 'OVERLOADED';
  readonly retryable = true;
}

/** The service lacks something that it needs, such as a catalogue; nothing was done. */
export class NotReady extends TurnoError {
  readonly code = 'NOT_READY';
  readonly retryable = true;
}

/**
 * The message left, and what became of it is not known: no reply or confirm came in time, or the channel died first.
 * It does not mean that nothing happened. Repeat with the same request key or event id.
 */
export class OutcomeUnknown extends TurnoError {
  readonly code = 'OUTCOME_UNKNOWN';
  readonly retryable = true;
}

/** The other side answered that it failed, for a reason that is its own affair and in its own log. */
export class RemoteFailure extends TurnoError {
  readonly code = 'REMOTE_FAILURE';
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}
