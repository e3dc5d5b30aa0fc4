export { gatewayConfig, type GatewayConfig } from './config.ts';
export { startGateway } from './start.ts';
export { openApiDocument } from './http/openapi.ts';
