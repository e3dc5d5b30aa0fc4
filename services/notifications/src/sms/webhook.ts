import { wholeNumber, type Clock } from '@turno/shared';
import { Webhook as Signature } from 'standardwebhooks';
import { z } from 'zod';
import type { SendResult, Sms, SmsProvider } from './sms-provider.ts';

/** The variables of this provider. `SMS_PROVIDER=webhook` needs those without a default. */
export const webhookVariables = {
  SMS_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
    .refine((url) => !new URL(url).username && !new URL(url).password, 'a URL without credentials is expected')
    .optional(),
  SMS_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^(whsec_)?([A-Za-z0-9+/]{4}){8,}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      'at least 24 bytes in base64 are expected, whsec_ before them or not',
    )
    .optional(),
  SMS_WEBHOOK_TIMEOUT_MS: wholeNumber({ min: 1 }).default(5_000),
};

export interface WebhookOptions {
  readonly url: string;
  /** In base64, `whsec_` before it or not. */
  readonly secret: string;
  /** How long the receiver may take to answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Statuses that say: I take nothing now. A redirect is not followed: fetch would make a GET of it; and a wrong secret or path
 * (401, 403, 404) is no fault of the message.
 */
const away = new Set([301, 302, 303, 307, 308, 401, 403, 404, 429, 503]);
/** Statuses that say: not this message, not now. */
const notTaken = new Set([409, 425]);

/** Failures before anything was sent. */
const notReached = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const bodyAtMostBytes = 64 * 1_024;

/**
 * Hands every message to an HTTP receiver of the operator's own, signed as Standard Webhooks wants it. The receiver knows a
 * repeated key: docs/sms-webhook.md is the contract.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export class Webhook implements SmsProvider {
  readonly name = 'webhook';
  readonly recognisesKeys = true;
  readonly #options: WebhookOptions;
  readonly #signature: Signature;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#signature = new Signature(options.secret);
  }

  async send({ key, ticketId, to, text }: Sms): Promise<SendResult> {
    try {
      const response = await this.#post(key, JSON.stringify({ to, text, ticket_id: ticketId }));
      if (response.ok) return { kind: 'sent', providerId: (await idIn(response)) ?? key };
      await response.body?.cancel();
      return { kind: kindOf(response.status), reason: `the webhook answered ${response.status}` };
    } catch (error) {
      return this.#failure(error);
    }
  }

  #post(key: string, body: string): Promise<Response> {
    const { url, timeoutMs, clock } = this.#options;
    const now = clock();
    return fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        'webhook-id': key,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': this.#signature.sign(key, now, body),
      },
      body,
    });
  }

  /** Without an answer. Reasons name the kind of failure only: a message of fetch may hold the URL. */
  #failure(error: unknown): SendResult {
    const { name, cause } = error as { name?: unknown; cause?: { code?: unknown; name?: unknown } };
    if (name === 'TimeoutError') {
      return { kind: 'ambiguous', reason: `the webhook did not answer within ${this.#options.timeoutMs} ms` };
    }
    const code = String(cause?.code ?? cause?.name ?? name);
    return notReached.has(code)
      ? { kind: 'away', reason: `the webhook could not be reached: ${code}` }
      : { kind: 'ambiguous', reason: `the webhook broke off: ${code}` };
  }
}

function kindOf(status: number): 'away' | 'transient' | 'ambiguous' | 'permanent' {
  if (away.has(status)) return 'away';
  if (notTaken.has(status)) return 'transient';
  return status === 408 || status >= 500 ? 'ambiguous' : 'permanent';
}

/** The receiver's own id of the message, where its answer has one. The message is sent either way. */
async function idIn(response: Response): Promise<string | undefined> {
  try {
    const answer: unknown = JSON.parse(await beginningOf(response));
    return z.object({ id: z.string().min(1).max(200) }).safeParse(answer).data?.id;
  } catch {
    return undefined;
  }
}

/** What a body begins with; the rest of one that is too long is not read. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bodyAtMostBytes) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
