export { gatewayConfig, type GatewayConfig } from './config.ts';
export { startGateway } from './start.ts';
