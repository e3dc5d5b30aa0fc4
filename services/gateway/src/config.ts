import { commonConfig, port, wholeNumber } from '@turno/shared';
import { z } from 'zod';

export const gatewayConfig = z.object({
  ...commonConfig,
  GATEWAY_HOST: z.string().default('0.0.0.0'),
  GATEWAY_PORT: port.default(3000),
  GATEWAY_OPS_PORT: port.default(9100),
  /** How long ticketing may take for one call. A caller waits no longer than this for its 503. */
  RPC_TIMEOUT_MS: wholeNumber({ min: 100, max: 60_000 }).default(2_000),
  /** Requests that one address may send in a minute; 0 for no limit. */
  RATE_LIMIT_PER_MINUTE: wholeNumber({ max: 1_000_000 }).default(600),
  /** So many proxies stand before the gateway; the address of a caller is the one that the outermost of them saw. */
  TRUSTED_PROXIES: wholeNumber({ max: 10 }).default(0),
  /**
   * Requests to the API beyond so many in flight are refused at once. Each makes one call to ticketing at most, so that with
   * calls of 10 ms this is no bound at all, and with ticketing hanging it is 250 callers a second who wait.
   */
  GATEWAY_MAX_IN_FLIGHT: wholeNumber({ min: 1, max: 100_000 }).default(500),
  /**
   * How long a stopping gateway, unready by then, goes on taking requests, so that what stands before it has time to look
   * elsewhere. Part of SHUTDOWN_TIMEOUT_MS.
   */
  GATEWAY_DRAIN_MS: wholeNumber({ max: 60_000 }).default(0),
  /** Where `more_info` points to, the error's code behind it. By default the gateway's own pages. */
  ERROR_PAGES_URL: z.url({ protocol: /^https?$/ }).optional(),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;
