import { randomId, type Clock, type Logger, type Metrics, type RpcClient, type TicketingRpc } from '@turno/shared';
import type { RequestHandler } from 'express';
import type { GatewayConfig } from '../config.ts';
import { ApiKeys } from './api-keys.ts';
import { algorithmsOf, methodsOf } from './auth-config.ts';
import { authentication } from './authentication.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { Tokens } from './tokens.ts';

/** For one question about the API keys, in milliseconds. */
const listTimeoutMs = 1_000;

export interface OpenAuthentication {
  readonly handler: RequestHandler;
  /** Why nobody can be told from nobody, if so. An issuer that is away is no reason: another gateway would not fare better. */
  readonly check: (() => true | string) | undefined;
  stop(): Promise<void>;
}

export interface AuthenticationParts {
  readonly rpc: RpcClient<TicketingRpc>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Puts together what AUTH asks for. */
export function openAuthentication(
  config: GatewayConfig,
  { rpc, metrics, clock, logger }: AuthenticationParts,
): OpenAuthentication {
  const methods = methodsOf(config);
  const apiKeys = methods.includes('api-keys')
    ? new ApiKeys({ list: () => listApiKeys(rpc), clock, logger })
    : undefined;
  const issuerKeys = methods.includes('jwt')
    ? new IssuerKeys({ issuer: config.JWT_ISSUER!, jwksUrl: config.JWT_JWKS_URL, logger })
    : undefined;
  apiKeys?.start();
  return {
    handler: authentication({
      apiKeys,
      tokens: issuerKeys && tokensBy(issuerKeys, config),
      metrics,
      logger,
    }),
    check: apiKeys && (() => apiKeys.areKnown || 'the API keys are not known'),
    stop: async () => {
      issuerKeys?.stop();
      await apiKeys?.stop();
    },
  };
}

async function listApiKeys(rpc: RpcClient<TicketingRpc>) {
  const id = randomId();
  const options = { requestId: `api-keys-${id}`, requestKey: `api-keys-${id}`, timeoutMs: listTimeoutMs };
  return (await rpc.call('ListApiKeys', {}, options)).keys;
}

function tokensBy({ keyFor }: IssuerKeys, config: GatewayConfig): Tokens {
  return new Tokens({
    issuer: config.JWT_ISSUER!,
    audience: config.JWT_AUDIENCE!,
    algorithms: algorithmsOf(config),
    clockToleranceSeconds: config.JWT_CLOCK_TOLERANCE_S,
    customerClaim: config.JWT_CUSTOMER_CLAIM,
    keyFor,
  });
}
