import { brokerTlsIsWhole, commonConfig, port, wholeNumber } from '@turno/shared';
import { z } from 'zod';
import { authMistakes, authVariables } from './auth/auth-config.ts';

export const gatewayConfig = z
  .object({
    ...commonConfig,
    ...authVariables,
    GATEWAY_HOST: z.string().default('0.0.0.0').describe('where the API answers'),
    GATEWAY_PORT: port.default(3000).describe('the port of the API'),
    GATEWAY_OPS_PORT: port.default(9100).describe('the port of its operations server'),
    RPC_TIMEOUT_MS: wholeNumber({ min: 100, max: 60_000 })
      .default(2_000)
      .describe('how long ticketing may take for a call; a caller waits no longer than this for its 503'),
    RATE_LIMIT_PER_MINUTE: wholeNumber({ max: 1_000_000 })
      .default(600)
      .describe(
        'requests that one address may send; `0` for no limit: [rate limits](operations.md#rate-limits). Raise it for a channel whose server sends for all its customers',
      ),
    RATE_LIMIT_PER_KEY_PER_MINUTE: wholeNumber({ max: 1_000_000 })
      .default(6_000)
      .describe('requests that may be sent with one API key; `0` for no limit'),
    RATE_LIMIT_PER_CUSTOMER_PER_MINUTE: wholeNumber({ max: 1_000_000 })
      .default(60)
      .describe("requests that may be sent with one customer's tokens; `0` for no limit"),
    REDIS_URL: z
      .url({ protocol: /^rediss?$/, error: 'a redis:// or rediss:// URL is expected' })
      .optional()
      .meta({
        unset: 'each gateway counts for itself',
        description:
          'where all gateways count requests together, `redis://user:password@host:6379`, or `rediss://`: [several gateways](scaling.md#rate-limits-of-several-gateways)',
      }),
    TRUSTED_PROXIES: wholeNumber({ max: 10 })
      .default(0)
      .describe(
        "how many proxies stand before it: a caller's address is the one that the outermost of them saw, from `X-Forwarded-For`",
      ),
    /**
     * Requests to the API beyond so many in flight are refused at once. Each makes one call to ticketing at most, so that with
     * calls of 10 ms this is no bound at all, and with ticketing hanging it is 250 callers a second who wait.
     */
    GATEWAY_MAX_IN_FLIGHT: wholeNumber({ min: 1, max: 100_000 })
      .default(500)
      .describe(
        'requests to the API in flight at most; the next one gets 503 at once: [shedding load](operations.md#shedding-load)',
      ),
    GATEWAY_MAX_CONNECTIONS: wholeNumber({ min: 1, max: 1_000_000 })
      .default(10_000)
      .describe('open connections to the API; further ones are closed at once'),
    GATEWAY_MAX_CONNECTIONS_PER_ADDRESS: wholeNumber({ max: 1_000_000 })
      .default(500)
      .describe(
        'of them, from one address; `0` for no limit, and none holds behind trusted proxies, which have all the connections',
      ),
    GATEWAY_KEEP_ALIVE_MS: wholeNumber({ min: 100, max: 600_000 })
      .default(5_000)
      .describe('how long an idle connection is kept; longer than the proxy before it keeps one'),
    GATEWAY_DRAIN_MS: wholeNumber({ max: 60_000 })
      .default(0)
      .describe(
        'how long a stopping gateway, unready by then, goes on taking requests, so that what stands before it has time to look elsewhere; part of `SHUTDOWN_TIMEOUT_MS`: [restarts](compose.md#restart-and-upgrade-without-a-failed-request)',
      ),
    ERROR_PAGES_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ unset: 'its own pages', description: "where `more_info` points to, the error's code behind it" }),
  })
  .check(brokerTlsIsWhole, ({ value, issues }) => {
    for (const { variable, message } of authMistakes(value)) {
      issues.push({ code: 'custom', input: undefined, path: [variable], message });
    }
  });
export type GatewayConfig = z.infer<typeof gatewayConfig>;
