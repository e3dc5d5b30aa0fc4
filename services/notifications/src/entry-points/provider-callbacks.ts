import { isUnavailable } from '@turno/mongo';
import type { Logger } from '@turno/shared';
import express, { Router, type Request, type Response } from 'express';
import type { ReceiveCallback } from '../domain/receive-callback.ts';
import type { Callback, SmsProvider } from '../sms/sms-provider.ts';

export interface ProviderCallbacksOptions {
  readonly providers: readonly SmsProvider[];
  readonly receiveCallback: ReceiveCallback;
  /** The address under which providers reach this server, which signatures are over; undefined for that of the request. */
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
}

const bodyAtMost = '64kb';
/** A provider's callbacks are few and small; one that is told to come again does so for minutes. */
const retryAfterSeconds = '5';

/** `/callbacks/:provider`: what providers tell on their own. The only paths of this server that are meant for the public. */
export function providerCallbacks({ providers, logger, ...options }: ProviderCallbacksOptions): Router {
  const byName = new Map(providers.filter((each) => each.readCallback !== undefined).map((each) => [each.name, each]));
  const router = Router();
  const rawBody = express.raw({ type: () => true, limit: bodyAtMost, inflate: false });
  router.route('/callbacks/:provider').get(rawBody, receive).post(rawBody, receive).all(refuseMethod);
  return router;

  async function receive(request: Request, response: Response): Promise<void> {
    const provider = byName.get(String(request.params['provider']));
    if (!provider) return answer(response, 404, 'There is no provider of that name here that calls back.');
    const callbacks = read(provider, request);
    if (callbacks === 'forged') return answer(response, 403, 'The signature does not fit.');
    if (callbacks === 'malformed') return answer(response, 400, 'The callback cannot be read.');
    try {
      for (const callback of callbacks) await options.receiveCallback(callback, provider.name);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      logger.warn({ err: error, provider: provider.name }, 'a callback came while the database was away');
      response.set('Retry-After', retryAfterSeconds);
      return answer(response, 503, 'The database is away, please repeat the callback.');
    }
    confirm(provider, response);
  }

  /** Logs neither body nor query: there may be phones and texts in both. */
  function read(provider: SmsProvider, request: Request): Callback[] | 'forged' | 'malformed' {
    const url = publicUrlOf(request);
    const line = { provider: provider.name, url: url.replace(/\?.*/s, '') };
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    try {
      const callbacks = provider.readCallback!({ url, headers: request.headers, body });
      if (callbacks === 'forged')
        logger.warn(line, 'refused a callback: it is not signed as the provider signs this URL');
      return callbacks;
    } catch (error) {
      logger.warn({ ...line, error: (error as Error).name }, 'refused a callback: it cannot be read');
      return 'malformed';
    }
  }

  function publicUrlOf({ protocol, headers, originalUrl }: Request): string {
    const base = options.publicUrl ?? `${protocol}://${headers.host}`;
    return base.replace(/\/$/, '') + originalUrl;
  }
}

function confirm({ callbackAnswer }: SmsProvider, response: Response): void {
  if (!callbackAnswer) return void response.status(204).end();
  response.status(200).type(callbackAnswer.contentType).send(callbackAnswer.body);
}

function refuseMethod(_request: Request, response: Response): void {
  response.set('Allow', 'GET, POST');
  answer(response, 405, 'Callbacks come by POST or GET.');
}

function answer(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}
