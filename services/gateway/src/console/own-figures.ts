import { notificationsRpc, operatorsCalls, type BreakerState } from '@turno/shared';
import type { GatewayFigures } from './figures.ts';
import { countsOf, type MeasuredBy, type MetricsRegistry } from './measured-calls.ts';
import { CallHistory, slotMs } from './series.ts';

export interface OwnFiguresOptions {
  readonly registry: MetricsRegistry;
  /** As they are now. */
  readonly read: () => OwnState;
  readonly now: () => number;
}

export interface OwnState {
  readonly brokerTrouble?: string;
  readonly breaker: BreakerState;
  readonly pendingCalls: number;
  readonly requestsInFlight: number;
  readonly requestsShed: number;
}

/** Calls that no caller of the API is behind. */
const ofOperators = new Set<string>([...operatorsCalls, ...Object.keys(notificationsRpc)]);

const rpc: MeasuredBy = {
  metric: 'turno_rpc_client_duration_seconds',
  classify: ({ method, outcome }) => {
    if (ofOperators.has(String(method))) return undefined;
    return outcome === 'ok' || outcome === 'refused' ? 'answered' : 'failed';
  },
};
const http: MeasuredBy = {
  metric: 'turno_http_request_duration_seconds',
  classify: ({ status }) => (Number(status) >= 500 ? 'failed' : 'answered'),
};

/**
 * What this gateway sees itself. Its calls are written down every ten seconds also while nobody looks, for whoever opens the
 * console to see what has been; that reads two of the process's own metrics and asks nobody.
 */
export class OwnFigures {
  readonly #options: OwnFiguresOptions;
  readonly #startedAt: number;
  readonly #measured = [
    { by: rpc, history: new CallHistory(), isThere: false },
    { by: http, history: new CallHistory(), isThere: false },
  ];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OwnFiguresOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  start(): void {
    void this.take();
    this.#timer = setInterval(() => void this.take(), slotMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Writes down how many calls there were by now. */
  async take(): Promise<void> {
    const { registry, now } = this.#options;
    for (const measured of this.#measured) {
      const counts = await countsOf(registry, measured.by);
      if (!counts) continue;
      measured.isThere = true;
      measured.history.take(now(), counts);
    }
  }

  get figures(): GatewayFigures {
    const [rpcCalls, httpCalls] = this.#measured.map(({ isThere, history }) => (isThere ? history.series : undefined));
    return {
      startedAt: this.#startedAt,
      ...this.#options.read(),
      ...(rpcCalls && { rpc: rpcCalls }),
      ...(httpCalls && { http: httpCalls }),
    };
  }
}
