import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { isRecorded, wholeNumber, type Clock, type TraceContext } from '@turno/shared';
import { Webhook as Signature } from 'standardwebhooks';
import { z } from 'zod';
import { accountStateOf, longestTimeoutMs, retryAfterMs, withoutAnswer, type Verdict } from './failures.ts';
import { defineProvider } from './provider-definition.ts';
import type { AccountState, Callback, CallbackRequest, SendResult, Sms, SmsProvider } from './sms-provider.ts';

const variables = {
  SMS_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
    .refine((url) => !new URL(url).username && !new URL(url).password, 'a URL without credentials is expected')
    .optional()
    .meta({ unset: 'required by `webhook`', description: 'where to post the SMS: [SMS by webhook](sms-webhook.md)' }),
  SMS_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^(whsec_)?([A-Za-z0-9+/]{4}){8,}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      'at least 24 bytes in base64 are expected, whsec_ before them or not',
    )
    .optional()
    .meta({
      unset: 'required by `webhook`',
      description: 'what signs them, and callbacks: at least 24 bytes in base64',
    }),
  SMS_WEBHOOK_TIMEOUT_MS: wholeNumber({ min: 1, max: longestTimeoutMs })
    .default(5_000)
    .describe('how long the webhook may take to answer, 20,000 at most'),
};

export const webhook = defineProvider({
  name: 'webhook',
  variables,
  needs: ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'],
  create: async ({ variables: v, clock }) =>
    new Webhook({
      url: v.SMS_WEBHOOK_URL!,
      secret: v.SMS_WEBHOOK_SECRET!,
      timeoutMs: v.SMS_WEBHOOK_TIMEOUT_MS,
      clock,
    }),
});

export interface WebhookOptions {
  readonly url: string;
  /** In base64, `whsec_` before it or not. */
  readonly secret: string;
  /** How long the receiver may take to answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** What statuses mean. A redirect is not followed: it would become a GET; a wrong secret or path is ours to mend. */
const kinds: Readonly<Record<number, Verdict[0]>> = {
  301: 'away',
  302: 'away',
  303: 'away',
  307: 'away',
  308: 'away',
  401: 'away',
  403: 'away',
  404: 'away',
  408: 'ambiguous',
  409: 'transient',
  425: 'transient',
  429: 'throttled',
};

/** What the receiver may tell on its own: what became of a message, by our key or its id, or what a phone wants. */
const callback = z.union([
  z
    .object({
      key: z.string().min(1).optional(),
      id: z.string().min(1).optional(),
      state: z.enum(['SENT', 'DELIVERED', 'FAILED']),
      reason: z.string().max(500).optional(),
    })
    .refine(({ key, id }) => key !== undefined || id !== undefined),
  z.object({
    phone: z.string().regex(/^\+[1-9][0-9]{3,14}$/),
    allowed: z.boolean(),
    at: z.iso.datetime({ offset: true }).optional(),
  }),
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
  /** The receiver is told what each message is for. */
  readonly hasPromotionsSender = true;
  readonly #options: WebhookOptions;
  readonly #signature: Signature;
  readonly #client: typeof http | typeof https;
  /** Connections are kept: making one takes longer than handing a message over. */
  readonly #agent: http.Agent;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#client = options.url.startsWith('https:') ? https : http;
    this.#agent = new this.#client.Agent({ keepAlive: true });
    this.#signature = new Signature(options.secret);
  }

  async send({ key, ticketId, purpose, to, text, trace }: Sms): Promise<SendResult> {
    try {
      const answer = await this.#post(key, JSON.stringify({ to, text, ticket_id: ticketId, purpose }), trace);
      // Its status says enough, also where the rest of the answer does not come.
      const body = await beginningOf(answer);
      return isGood(answer) ? { kind: 'sent', providerId: idIn(body) ?? key } : this.#refusal(answer);
    } catch (error) {
      return withoutAnswer('the webhook', error, this.#options.timeoutMs);
    }
  }

  /** Whether there is a receiver; whether it believes our secret only a message would tell. */
  async askAccount(): Promise<AccountState> {
    const { url, timeoutMs } = this.#options;
    try {
      const { status } = await fetch(url, {
        method: 'HEAD',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const saw = `the webhook answers a HEAD with ${status}`;
      if (status >= 500) return { kind: 'away', saw };
      if (status === 404 || (status >= 300 && status < 400)) return { kind: 'doubtful', saw };
      return { kind: 'good', saw: `${saw}; whether it believes the secret only a message would tell` };
    } catch (error) {
      return accountStateOf(withoutAnswer('the webhook', error, timeoutMs));
    }
  }

  /** Callbacks are signed like messages, with the same secret. */
  readCallback({ headers, body }: CallbackRequest): Callback[] | 'forged' {
    const text = body.toString();
    try {
      this.#signature.verify(text, headers as Record<string, string>, { jsonParse: false });
    } catch {
      return 'forged';
    }
    const told = callback.parse(JSON.parse(text));
    if ('phone' in told) {
      const { at, ...decided } = told;
      return [{ kind: 'consent', ...decided, ...(at !== undefined && { at: new Date(at) }) }];
    }
    const { id, ...rest } = told;
    return [{ kind: 'delivery', ...rest, ...(id !== undefined && { providerId: id }) } as Callback];
  }

  /** Gives back the answer as it begins; it is broken off, like the request, when the time is up. */
  async #post(key: string, body: string, trace: TraceContext | undefined): Promise<http.IncomingMessage> {
    const { url, timeoutMs, clock } = this.#options;
    const now = clock();
    const asked = this.#client.request(url, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'idempotency-key': key,
        'webhook-id': key,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': this.#signature.sign(key, now, body),
        // The receiver is the operator's own: its part belongs to the trace as well.
        ...(trace && isRecorded(trace) && { ...trace }),
      },
    });
    // Not by AbortSignal.timeout: its timers are kept until they are due, thousands of them.
    const timer = setTimeout(() => asked.destroy(timedOut()), timeoutMs);
    asked.once('close', () => clearTimeout(timer));
    // Behind its answer it may break off as well, when nobody waits for it any more.
    asked.on('error', () => undefined);
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
    return answer;
  }

  #refusal({ statusCode: status = 0, headers }: http.IncomingMessage): SendResult {
    const reason = `the webhook answered ${status}`;
    const after = retryAfterMs(headers['retry-after'], this.#options.clock());
    // Without it a proxy may have said so, after it had passed the request on.
    if (status === 503 && after !== undefined) return { kind: 'away', reason };
    const kind = kinds[status] ?? (status >= 500 ? 'ambiguous' : 'permanent');
    if (kind !== 'throttled') return { kind, reason };
    return { kind, reason, ...(after !== undefined && { retryAfterMs: after }) };
  }
}

function isGood({ statusCode = 0 }: http.IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

const answerWithId = z.object({ id: z.string().min(1).max(200) });

/** The receiver's own id of the message, where its answer has one. The message is sent either way. */
function idIn(body: string): string | undefined {
  try {
    return answerWithId.safeParse(JSON.parse(body)).data?.id;
  } catch {
    return undefined;
  }
}

/** What there is of a body once it has ended or broken off; the rest of one that is too long is not read. */
async function beginningOf(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > bodyAtMostBytes) answer.destroy();
  });
  await once(answer, 'close').catch(() => undefined);
  return Buffer.concat(chunks).toString();
}

function timedOut(): Error {
  return Object.assign(new Error('the time is up'), { code: 'ETIMEDOUT' });
}
