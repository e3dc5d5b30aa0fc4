import { setTimeout as pause } from 'node:timers/promises';
import { breakerStateOf, noTracing, type BreakerState, type Logger, type Tracing } from '@turno/shared';
import CircuitBreaker from 'opossum';
import PQueue from 'p-queue';
import type { CallbackRequest, LookUpResult, SendResult, Sms, SmsProvider } from './sms-provider.ts';
import { sendTraced } from './traced-send.ts';

export interface ProviderLimits {
  /** SMS handed over at the same time. */
  readonly maxConcurrent: number;
  /** SMS handed over within any second; 0 for no limit. */
  readonly maxPerSecond: number;
}

export interface GuardOptions {
  readonly tracing?: Tracing;
  /** How soon after opening the breaker lets one SMS through, in milliseconds. */
  readonly probeMs?: number;
}

/** How soon after opening the breaker lets one SMS through, to see whether the provider is back. */
const probeAfterMs = 1_000;
/**
 * An SMS waits so long for its turn, in milliseconds, and is given back then, because its record says that it is being sent: the
 * wait and the longest timeout of a provider are less than the 30 s after which such a record counts as left behind.
 */
const longestWaitMs = 4_000;

/** A result that says that the provider is not well. Thrown, because that is what the breaker counts. */
class NotWell extends Error {
  readonly result: SendResult;

  constructor(result: SendResult) {
    super(result.kind === 'sent' ? undefined : result.reason);
    this.result = result;
  }
}

const letThrough = (send: () => Promise<SendResult>): Promise<SendResult> => send();

/**
 * A provider that is not asked for more than it takes. So many SMS at a time and in a second; none while it has said that it is
 * throttling; and none while it seems to be down: when more than half of at least ten SMS were not taken, for reasons that are not in the
 * message, it is "away" at once, and one SMS a second finds out whether it still is, while the others wait for what it finds.
 */
export class GuardedProvider implements SmsProvider {
  readonly name: string;
  readonly recognisesKeys?: true;
  readonly hasPromotionsSender?: true;
  readonly lookUp?: NonNullable<SmsProvider['lookUp']>;
  readonly readCallback?: NonNullable<SmsProvider['readCallback']>;
  readonly callbackAnswer?: NonNullable<SmsProvider['callbackAnswer']>;
  readonly #provider: SmsProvider;
  readonly #limits: ProviderLimits;
  readonly #turns: PQueue;
  readonly #breaker: CircuitBreaker<Parameters<typeof letThrough>, SendResult>;
  readonly #logger: Logger;
  readonly #tracing: Tracing;
  #throttledUntil = 0;
  /** The SMS that finds out whether the provider is back, while it is under way. */
  #probe: Promise<unknown> | undefined;
  #lastFailure: string | undefined;

  constructor(
    provider: SmsProvider,
    limits: ProviderLimits,
    logger: Logger,
    { tracing = noTracing, probeMs = probeAfterMs }: GuardOptions = {},
  ) {
    this.name = provider.name;
    if (provider.recognisesKeys) this.recognisesKeys = true;
    if (provider.hasPromotionsSender) this.hasPromotionsSender = true;
    if (provider.lookUp) this.lookUp = (...asked) => this.#lookUp(...asked);
    if (provider.callbackAnswer) this.callbackAnswer = provider.callbackAnswer;
    if (provider.readCallback) this.readCallback = (request: CallbackRequest) => provider.readCallback!(request);
    this.#provider = provider;
    this.#tracing = tracing;
    this.#limits = limits;
    this.#logger = logger.child({ provider: provider.name });
    this.#turns = new PQueue({
      concurrency: limits.maxConcurrent,
      ...(limits.maxPerSecond > 0 && { interval: 1_000, intervalCap: limits.maxPerSecond, strict: true }),
    });
    this.#breaker = new CircuitBreaker(letThrough, {
      name: provider.name,
      // Each provider has a timeout of its own.
      timeout: false,
      errorThresholdPercentage: 50,
      volumeThreshold: 10,
      resetTimeout: probeMs,
      // Nobody asks for them, and they are a sort of all latencies of ten seconds, once a second and at each failure.
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    this.#logChanges();
  }

  /** Where the breaker stands. */
  get breakerState(): BreakerState {
    return breakerStateOf(this.#breaker);
  }

  /** SMS that wait for their turn. */
  get waiting(): number {
    return this.#turns.size;
  }

  async send(sms: Sms): Promise<SendResult> {
    const refused = this.#refusal();
    if (refused) return refused;
    const since = Date.now();
    // It was cleared away, unsent: the service is stopping.
    return this.#turns.add(() => this.#sendInTurn(sms, since)).catch(() => tooMany(longestWaitMs));
  }

  /** Gives up what waits for its turn: nobody may be waiting for it any more. */
  close(): void {
    this.#turns.clear();
    this.#breaker.shutdown();
  }

  async #sendInTurn(sms: Sms, since: number): Promise<SendResult> {
    if (this.#probe)
      await Promise.race([this.#probe, pause(longestWaitMs - (Date.now() - since), undefined, { ref: false })]);
    // The probe has found nothing out yet, and while it is under way nobody else is sent.
    if (this.#probe) return this.#whileOpen();
    if (Date.now() - since > longestWaitMs) return tooMany(longestWaitMs);
    // Looked at again: much may have been learnt while it waited.
    const refused = this.#refusal();
    if (refused) return refused;
    try {
      const result = await this.#fire(sms);
      if (result.kind === 'throttled') this.#throttle(result.retryAfterMs ?? 0);
      return result;
    } catch (error) {
      return error instanceof NotWell ? error.result : this.#whileOpen();
    }
  }

  #fire(sms: Sms): Promise<SendResult> {
    const isProbe = this.#breaker.halfOpen && !this.#probe;
    const sending = this.#breaker.fire(() => this.#sendOrThrow(sms));
    if (isProbe) this.#probe = sending.catch(() => undefined).finally(() => (this.#probe = undefined));
    return sending;
  }

  async #sendOrThrow(sms: Sms): Promise<SendResult> {
    const result = await sendTraced(this.#tracing, this.#provider, sms).catch((error: unknown): SendResult => ({
      kind: 'ambiguous',
      // Not its message, which may hold anything.
      reason: `${this.name} broke off: ${error instanceof Error ? error.name : 'something that is no error'}`,
    }));
    if (result.kind === 'away' || result.kind === 'transient' || result.kind === 'ambiguous') throw new NotWell(result);
    return result;
  }

  /** Why an SMS is not to be sent now, if it is not. */
  #refusal(): SendResult | undefined {
    if (this.#breaker.opened) return this.#whileOpen();
    const left = this.#throttledUntil - Date.now();
    if (left > 0) return { kind: 'throttled', reason: `${this.name} has asked for a pause`, retryAfterMs: left };
    const { maxPerSecond } = this.#limits;
    const waitMs = maxPerSecond > 0 ? (this.#turns.size / maxPerSecond) * 1_000 : 0;
    return waitMs > longestWaitMs ? tooMany(waitMs) : undefined;
  }

  #whileOpen(): SendResult & { readonly kind: 'away' } {
    return { kind: 'away', reason: `${this.name} seems to be down: ${this.#lastFailure ?? 'no reason known'}` };
  }

  #throttle(ms: number): void {
    this.#throttledUntil = Math.max(this.#throttledUntil, Date.now() + ms);
  }

  async #lookUp(...asked: Parameters<NonNullable<SmsProvider['lookUp']>>): Promise<LookUpResult> {
    if (this.#breaker.opened) return this.#whileOpen();
    const stopping: LookUpResult = { kind: 'away', reason: 'the service is stopping' };
    return this.#turns.add(() => this.#provider.lookUp!(...asked)).catch(() => stopping);
  }

  #logChanges(): void {
    this.#breaker.on('failure', (error) => (this.#lastFailure = error.message));
    this.#breaker.on('open', () =>
      this.#logger.warn({ breaker: 'open', reason: this.#lastFailure }, 'the breaker before the provider has opened'),
    );
    this.#breaker.on('halfOpen', () =>
      this.#logger.info({ breaker: 'half-open' }, 'the breaker before the provider lets one SMS through'),
    );
    this.#breaker.on('close', () =>
      this.#logger.info({ breaker: 'closed' }, 'the breaker before the provider has closed'),
    );
  }
}

function tooMany(retryAfterMs: number): SendResult {
  return { kind: 'throttled', reason: 'more SMS wait than may be sent', retryAfterMs };
}
