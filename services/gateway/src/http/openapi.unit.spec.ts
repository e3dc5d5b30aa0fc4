import { describe, expect, test } from '@jest/globals';
import { createLogger, Metrics, noTracing, ticketingRpc } from '@turno/shared';
import type { Router } from 'express';
import { allAreAnonymous } from '../auth/authentication.ts';
import type { TicketingClient } from '../ticketing-client.ts';
import { createApp } from './app.ts';
import { documentedErrors, errorNames } from './documented-errors.ts';
import { LoadShedding } from './load-shedding.ts';
import { rateLimits } from './rate-limit.ts';
import { openApiDocument } from './openapi.ts';

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { content?: Record<string, { schema: unknown }>; headers?: object }>;
  readonly requestBody?: unknown;
}

const document = openApiDocument();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ method, path, ...operation })),
);

/** Every method and path that the app has a handler for, as `get /customer/v1/tickets/{id}`. */
function servedRoutes(): string[] {
  const logger = createLogger('spec', 'silent');
  const app = createApp({
    ticketing: {} as TicketingClient,
    shedding: new LoadShedding({ maxInFlight: 500, logger }),
    authentication: allAreAnonymous,
    errorPagesUrl: undefined,
    rates: rateLimits({ perMinute: { address: 0, key: 0, customer: 0 } }),
    trustedProxies: 0,
    telemetry: { tracing: noTracing, metrics: new Metrics('gateway') },
    logger,
  });
  return routesOf(app.router as unknown as Router).filter((route) => route.includes('/customer/'));
}

function routesOf({ stack }: Pick<Router, 'stack'>): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (!route) return 'stack' in handle ? routesOf(handle as unknown as Router) : [];
    const methods = new Set(route.stack.map(({ method }) => method).filter(Boolean));
    return [...methods].map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}

describe('the API description', () => {
  test('when the app serves a route, then the route is described, and nothing else is', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);

    expect(described.length).toBeGreaterThan(0);
    expect(servedRoutes().toSorted()).toEqual(described.toSorted());
  });

  test('when an error can be answered, then its code, status and message are described', () => {
    const described = document.components?.schemas?.['Error'] as { properties?: Record<string, { enum: string[] }> };
    const { code, message } = described.properties ?? {};

    expect(code?.enum.toSorted()).toEqual(errorNames.map((name) => documentedErrors[name].code).toSorted());
    expect(new Set(message?.enum)).toEqual(new Set(errorNames.map((name) => documentedErrors[name].message)));
  });

  test.each(errorNames.filter((name) => !['PATH_NOT_FOUND', 'METHOD_NOT_ALLOWED'].includes(name)))(
    'when a route can answer %s, then some route says so, with an example',
    (name) => {
      const { status, code } = documentedErrors[name];
      const responses = operations.map((operation) => JSON.stringify(operation.responses[status] ?? {}));

      expect(responses.some((response) => response.includes(`"code":"${code}"`))).toBe(true);
    },
  );

  test('when a call of ticketing has a result, then its shape is one of the described ones', () => {
    const schemas = Object.keys(document.components?.schemas ?? {});
    const named = Object.values(ticketingRpc).flatMap(({ request, result }) => [request.meta()?.id, result.meta()?.id]);

    expect(schemas).toEqual(expect.arrayContaining(named.filter((id) => id !== undefined)));
  });

  test.each(operations.map((operation) => [operation.operationId, operation] as const))(
    'when %s answers, then every answer has its request id, and each body its schema',
    (_id, { responses, requestBody }) => {
      const always = requestBody ? ['400', '413', '415', '500', '503'] : ['400', '500', '503'];
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(always));
      for (const [status, { headers, content }] of Object.entries(responses)) {
        expect(headers).toHaveProperty('X-Request-Id');
        expect(status === '204' || content?.['application/json']?.schema !== undefined).toBe(true);
      }
    },
  );
});
