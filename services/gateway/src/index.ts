export { gatewayConfig, type GatewayConfig } from './config.ts';
export { startGateway } from './start.ts';
export { openApiDocument } from './http/openapi.ts';
export { routes } from './http/routes.ts';
export type { Route } from './http/route.ts';
