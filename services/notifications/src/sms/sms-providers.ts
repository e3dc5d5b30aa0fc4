import type { Clock } from '@turno/shared';
import type { SendResult, SmsProvider } from './sms-provider.ts';

export interface SmsProvidersOptions {
  readonly first: SmsProvider;
  /** Used while the first is out, for SMS that the first surely has not. */
  readonly fallback?: SmsProvider | undefined;
  /** How long the first must have been away without a break to be out, in milliseconds. */
  readonly fallbackAfterMs?: number;
  readonly clock: Clock;
}

/** While the first provider is out, it is tried so often, to see whether it is back. */
const probeEveryMs = 30_000;

/**
 * Who sends SMS: one provider, or two of which the second stands in for the first when that is out for long. An SMS that the
 * first may have is no affair of the second; whoever may have it settles it.
 */
export class SmsProviders {
  readonly #options: SmsProvidersOptions;
  #awaySince: number | undefined;
  #triedAt = 0;

  constructor(options: SmsProvidersOptions) {
    this.#options = options;
  }

  get all(): SmsProvider[] {
    const { first, fallback } = this.#options;
    return fallback ? [first, fallback] : [first];
  }

  /** Whether the first provider has been away for so long that the fallback sends. */
  get isFirstOut(): boolean {
    const { fallback, fallbackAfterMs = 0, clock } = this.#options;
    return (
      fallback !== undefined && this.#awaySince !== undefined && clock().getTime() - this.#awaySince >= fallbackAfterMs
    );
  }

  /** Who is to send an SMS that nobody has: the first provider, or the fallback while that is out, but for a try now and then. */
  choose(): SmsProvider {
    const { first, fallback, clock } = this.#options;
    if (!fallback || !this.isFirstOut) return first;
    const now = clock().getTime();
    if (now - this.#triedAt < probeEveryMs) return fallback;
    this.#triedAt = now;
    return first;
  }

  /** The provider of a record; the first for one from before records named theirs; undefined for one that is not set up any more. */
  of(name: string | undefined): SmsProvider | undefined {
    if (name === undefined) return this.#options.first;
    return this.all.find((provider) => provider.name === name);
  }

  /**
   * Takes note of how a provider answered. Any answer to a message is one of a provider that is there; none in time is one of a
   * provider that is away; and that there is too much for it at present says neither.
   */
  heard(from: SmsProvider, { kind }: SendResult): void {
    if (from !== this.#options.first || kind === 'throttled') return;
    if (kind === 'away' || kind === 'ambiguous') {
      this.#triedAt = this.#options.clock().getTime();
      this.#awaySince ??= this.#triedAt;
    } else this.#awaySince = undefined;
  }
}
