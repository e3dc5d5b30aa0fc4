import { branchRoutes } from './branch-routes.ts';
import type { Route } from './route.ts';
import { ticketRoutes } from './ticket-routes.ts';

/** Every route of the API. */
export const routes: readonly Route[] = [...ticketRoutes, ...branchRoutes];
