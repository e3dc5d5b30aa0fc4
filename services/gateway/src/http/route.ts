import type { Principal, TraceContext } from '@turno/shared';
import type { z } from 'zod';
import type { TicketingClient } from '../ticketing-client.ts';
import type { DocumentedErrorName } from './documented-errors.ts';

export type Tag = 'Tickets' | 'Branches' | 'Services';

/** A request that has the shape its route asks for. */
export interface Call<P, Q, H, B> {
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: B;
  readonly caller: Caller;
}

/** Whom a call to ticketing is made for. */
export interface Caller {
  readonly requestId: string;
  readonly trace: TraceContext | undefined;
  readonly principal: Principal;
}

/** What a route answers when all went well. */
export interface Reply {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One method of one path: what it takes, what it answers, and what it does. Served by `router.ts` and described by
 * `openapi.ts` from this very definition, so that neither can know a route that the other does not.
 */
export interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, H extends z.ZodType, B extends z.ZodType> {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With `{name}` for each parameter. */
  readonly path: string;
  /** Names the route in generated clients; never changes. */
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  readonly params?: P;
  readonly query?: Q;
  /** By their names in lower case. */
  readonly headers?: H;
  readonly body?: B;
  readonly bodyExample?: unknown;
  /** Throws what is to be answered in place of the schema's error, if anything is. */
  readonly onBrokenBody?: (
    body: unknown,
    error: z.ZodError,
    ticketing: TicketingClient,
    caller: Caller,
  ) => Promise<void>;
  readonly success: {
    readonly status: 200 | 201 | 204;
    readonly description: string;
    readonly schema?: z.ZodType;
    readonly headers?: z.ZodObject;
    readonly example?: unknown;
  };
  /** Errors of its own, beside those that every route has. */
  readonly errors: readonly DocumentedErrorName[];
  /** What is answered when a parameter of the path is malformed: there is nothing of that name. */
  readonly notFound?: DocumentedErrorName;
  readonly handle: (
    call: Call<z.output<P>, z.output<Q>, z.output<H>, z.output<B>>,
    ticketing: TicketingClient,
  ) => Promise<Reply>;
}

export type Route = RouteDefinition<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType>;

/** Defines a route; the shapes of its parts tell its handler's types. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  H extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<P, Q, H, B>): Route {
  return definition as unknown as Route;
}
