export { commandsOf } from './commands.ts';
export { conformance, type Conformance, type Exchange } from './conformance.ts';
export { conformingFetch } from './conforming-fetch.ts';
export { fetchOnce } from './fetch-once.ts';
export { eventually } from './eventually.ts';
export type { OpenApiDocument } from './openapi-document.ts';
export { queryPlansOf, type QueryPlan } from './query-plans.ts';
export { audience, TokenIssuer } from './token-issuer.ts';
export { TcpLink } from './tcp-link.ts';
