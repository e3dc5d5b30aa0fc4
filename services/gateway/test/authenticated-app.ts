import type { Server } from 'node:http';
import { closeServer, createLogger, listen, Metrics, noTracing, type Principal } from '@turno/shared';
import { conformingFetch } from '@turno/testing';
import { authentication } from '../src/auth/authentication.ts';
import type { ApiKeys } from '../src/auth/api-keys.ts';
import type { Tokens } from '../src/auth/tokens.ts';
import { createApp } from '../src/http/app.ts';
import { LoadShedding } from '../src/http/load-shedding.ts';
import { openApiDocument } from '../src/http/openapi.ts';
import { rateLimits } from '../src/http/rate-limit.ts';
import { createHttpServer } from '../src/http/server.ts';
import type { TicketingClient } from '../src/ticketing-client.ts';

type AuthenticatedInit = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };

export interface AuthenticatedApp {
  readonly url: string;
  /** Sends a request with a header Authorization. */
  send(authorization?: string, path?: string, init?: AuthenticatedInit): Promise<Response>;
  /** For whom calls were made to ticketing, in their order. */
  readonly principals: Principal[];
  failures(reason: string): Promise<number>;
  /** What is logged. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** The API behind its authentication. What stands for ticketing knows one branch, and notes who asks. */
export async function openApp(methods: {
  readonly apiKeys?: Pick<ApiKeys, 'principalOf'>;
  readonly tokens?: Pick<Tokens, 'principalOf'>;
}): Promise<AuthenticatedApp> {
  const lines: string[] = [];
  const logger = createLogger('spec', 'info', { write: (line) => void lines.push(line) });
  const metrics = new Metrics('gateway');
  const principals: Principal[] = [];
  const call = async (_method: string, _request: unknown, { principal }: { principal: Principal }) => {
    principals.push(principal);
    return { items: [], count: 0 };
  };
  const app = createApp({
    ticketing: { call, retryAfterSeconds: 1 } as unknown as TicketingClient,
    shedding: new LoadShedding({ maxInFlight: 500, logger }),
    authentication: authentication({ ...methods, metrics, logger }),
    errorPagesUrl: undefined,
    rates: rateLimits({ perMinute: { address: 0, key: 0, customer: 0 } }),
    trustedProxies: 0,
    telemetry: { tracing: noTracing, metrics },
    logger,
  });
  const server: Server = createHttpServer({ app, errorPagesUrl: undefined, logger });
  const port = await listen(server, 0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const request = conformingFetch(openApiDocument(), url);
  return {
    url,
    principals,
    lines,
    send: (authorization, path = '/customer/v1/branches', init = {}) =>
      request(path, { ...init, headers: { ...init.headers, ...(authorization !== undefined && { authorization }) } }),
    failures: async (reason) => {
      const { values } = await metrics.registry.getSingleMetric('turno_authentication_failures_total')!.get();
      return values.find(({ labels }) => labels['reason'] === reason)?.value ?? NaN;
    },
    close: () => closeServer(server),
  };
}
