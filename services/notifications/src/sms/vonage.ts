import { createHash } from 'node:crypto';
import type { verifySignature } from '@vonage/jwt';
import type { Messages } from '@vonage/messages';
import { wholeNumber, type Clock } from '@turno/shared';
import { z } from 'zod';
import { consentIn } from './consent-keywords.ts';
import { accountStateOf, longestTimeoutMs, retryAfterMs, withoutAnswer } from './failures.ts';
import { phoneSender } from './phone-sender.ts';
import { defineProvider, type Mistake } from './provider-definition.ts';
import type { AccountState, Callback, CallbackRequest, SendResult, Sms, SmsProvider } from './sms-provider.ts';
import { notDelivered, verdictOf } from './vonage-answers.ts';

const variables = {
  VONAGE_API_KEY: z.string().optional().meta({ unset: 'required by `vonage`', description: 'the account' }),
  VONAGE_API_SECRET: z.string().optional().meta({ unset: 'required by `vonage`', description: 'its secret' }),
  VONAGE_FROM: phoneSender
    .optional()
    .meta({ unset: 'required by `vonage`', description: 'who the turn comes from: a number or a name' }),
  VONAGE_PROMOTIONS_FROM: phoneSender
    .optional()
    .meta({ unset: "the turn's sender", description: 'who promotions come from' }),
  VONAGE_SIGNATURE_SECRET: z
    .string()
    .optional()
    .meta({ unset: 'no callbacks', description: "what signs callbacks, from Vonage's dashboard" }),
  VONAGE_TTL_SECONDS: wholeNumber({ min: 20, max: 259_200 })
    .default(3_600)
    .describe('for how long Vonage tries to deliver, 20 to 259,200; it advises half an hour at least'),
  VONAGE_TIMEOUT_MS: wholeNumber({ min: 1, max: longestTimeoutMs })
    .default(10_000)
    .describe('how long an answer may take, 20,000 at most'),
};
type Variables = z.infer<z.ZodObject<typeof variables>>;

export const vonage = defineProvider({
  name: 'vonage',
  variables,
  needs: ['VONAGE_API_KEY', 'VONAGE_API_SECRET', 'VONAGE_FROM'],
  check: mistakesIn,
  create: async ({ variables: v, clock, callbackUrl, apiBase }) => {
    const [sdk, jwt] = await Promise.all([import('@vonage/messages'), import('@vonage/jwt')]);
    const messages = new sdk.Messages(
      // Without the empty key it looks for a file named undefined, and Node.js warns of that.
      { apiKey: v.VONAGE_API_KEY!, apiSecret: v.VONAGE_API_SECRET!, privateKey: '' },
      { timeout: v.VONAGE_TIMEOUT_MS, ...(apiBase !== undefined && { apiHost: apiBase }) },
    );
    return new Vonage({
      messages,
      verifySignature: jwt.verifySignature,
      apiKey: v.VONAGE_API_KEY!,
      apiSecret: v.VONAGE_API_SECRET!,
      accountBase: apiBase ?? 'https://rest.nexmo.com',
      signatureSecret: v.VONAGE_SIGNATURE_SECRET,
      from: v.VONAGE_FROM!,
      promotionsFrom: v.VONAGE_PROMOTIONS_FROM,
      ttlSeconds: v.VONAGE_TTL_SECONDS,
      timeoutMs: v.VONAGE_TIMEOUT_MS,
      callbackUrl: v.VONAGE_SIGNATURE_SECRET === undefined ? undefined : callbackUrl,
      clock,
    });
  },
});

function mistakesIn({ VONAGE_FROM, VONAGE_PROMOTIONS_FROM }: Variables): Mistake[] {
  if (VONAGE_PROMOTIONS_FROM === undefined || VONAGE_PROMOTIONS_FROM !== VONAGE_FROM) return [];
  const message = 'it is the sender of the turn, which a STOP to promotions would silence';
  return [{ variable: 'VONAGE_PROMOTIONS_FROM', message }];
}

export interface VonageOptions {
  readonly messages: Messages;
  readonly verifySignature: typeof verifySignature;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Of the account's API, which is another one than that of messages. */
  readonly accountBase: string;
  /** Undefined where callbacks are not wanted. */
  readonly signatureSecret: string | undefined;
  readonly from: string;
  readonly promotionsFrom: string | undefined;
  readonly ttlSeconds: number;
  readonly timeoutMs: number;
  readonly callbackUrl: string | undefined;
  readonly clock: Clock;
}

/** Vonage writes numbers without the plus. */
const withoutPlus = (number: string): string => number.replace(/^\+/, '');

/**
 * Vonage's Messages API. It does not recognise a message and cannot be asked for one by our key; its callbacks bring the key
 * back, and settle what was left UNKNOWN.
 *
 * @see https://developer.vonage.com/en/api/messages
 */
export class Vonage implements SmsProvider {
  readonly name = 'vonage';
  readonly hasPromotionsSender?: true;
  readonly #options: VonageOptions;

  constructor(options: VonageOptions) {
    this.#options = options;
    if (options.promotionsFrom !== undefined) this.hasPromotionsSender = true;
  }

  async send({ key, to, text, purpose }: Sms): Promise<SendResult> {
    const { messages, from, promotionsFrom, ttlSeconds, callbackUrl, timeoutMs } = this.#options;
    try {
      const { messageUUID: providerId } = await messages.send({
        channel: 'sms',
        messageType: 'text',
        to: withoutPlus(to),
        from: withoutPlus(purpose === 'promotions' ? (promotionsFrom ?? from) : from),
        text,
        ttl: ttlSeconds,
        clientRef: key,
        ...(callbackUrl !== undefined && { webhookUrl: callbackUrl, webhookVersion: 'v1' }),
      });
      return providerId ? { kind: 'sent', providerId } : { kind: 'ambiguous', reason: 'Vonage answered without an id' };
    } catch (error) {
      const { response } = error as { response?: unknown };
      return isResponse(response) ? this.#refusal(response) : withoutAnswer('Vonage', error, timeoutMs);
    }
  }

  /** @see https://developer.vonage.com/en/api/account#getAccountBalance */
  async askAccount(): Promise<AccountState> {
    const { accountBase, apiKey, apiSecret, timeoutMs } = this.#options;
    try {
      const response = await fetch(`${accountBase}/account/get-balance`, {
        headers: { authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}` },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) return accountStateOf(await this.#refusal(response));
      const { value } = z.object({ value: z.number() }).parse(await response.json());
      if (value <= 0) return { kind: 'refused', saw: `the balance at Vonage is ${value.toFixed(2)} EUR` };
      return { kind: 'good', saw: `Vonage knows the account; its balance is ${value.toFixed(2)} EUR` };
    } catch (error) {
      return accountStateOf(withoutAnswer('Vonage', error, timeoutMs));
    }
  }

  readCallback({ headers, body }: CallbackRequest): Callback[] | 'forged' {
    if (!this.#isSigned(String(headers.authorization), body)) return 'forged';
    const { data } = anyCallback.safeParse(JSON.parse(body.toString()));
    if (!data) return [];
    return 'status' in data ? deliveriesIn(data) : consentsIn(data);
  }

  async #refusal(response: Response): Promise<SendResult> {
    // A body that does not come, or is no JSON, leaves the status.
    const { title } = z
      .object({ title: z.unknown() })
      .catch({ title: undefined })
      .parse(await response.json().catch(() => ({})));
    const [kind, meaning] = verdictOf(response.status, title);
    const reason = `${meaning} (Vonage answered ${response.status})`;
    if (kind !== 'throttled') return { kind, reason };
    const after = retryAfterMs(response.headers.get('retry-after'), this.#options.clock());
    return { kind, reason, ...(after !== undefined && { retryAfterMs: after }) };
  }

  /** By a token over the digest of the body, of our account and not too old, signed with our secret. */
  #isSigned(authorization: string, body: Buffer): boolean {
    const { signatureSecret, verifySignature: isBySecret, apiKey, clock } = this.#options;
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (signatureSecret === undefined || token === undefined || !isBySecret(token, signatureSecret)) return false;
    const { data } = claims.safeParse(parsed(Buffer.from(token.split('.')[1]!, 'base64url').toString()));
    if (data?.api_key !== apiKey || data.payload_hash !== createHash('sha256').update(body).digest('hex')) return false;
    const age = clock().getTime() / 1_000 - data.iat;
    return age >= -clocksDifferSeconds && age <= tokenHoldsSeconds;
  }
}

/** Vonage repeats a callback for a day. That a token is seen twice does no harm: it is bound to its body. */
const tokenHoldsSeconds = 25 * 3_600;
/** How far Vonage's clock may be ahead of ours. */
const clocksDifferSeconds = 300;
const claims = z.object({ api_key: z.string(), iat: z.number(), payload_hash: z.string() });

const status = z.object({
  message_uuid: z.string(),
  status: z.string(),
  client_ref: z.string().optional(),
  error: z.object({ title: z.coerce.string().optional(), type: z.string().optional() }).optional(),
});
const inbound = z.object({
  from: z.string().regex(/^\d{4,15}$/),
  text: z.string(),
  timestamp: z.iso.datetime({ offset: true }).optional().catch(undefined),
});
const anyCallback = z.union([status, inbound]);

const states: Readonly<Record<string, 'SENT' | 'DELIVERED' | 'FAILED'>> = {
  submitted: 'SENT',
  delivered: 'DELIVERED',
  read: 'DELIVERED',
  rejected: 'FAILED',
  undeliverable: 'FAILED',
};

function deliveriesIn(told: z.infer<typeof status>): Callback[] {
  const state = states[told.status];
  if (!state) return [];
  const { message_uuid: providerId, client_ref: key, error } = told;
  const about = { kind: 'delivery' as const, ...(key !== undefined && { key }), providerId, state };
  // The number is the title, or what the address of its explanation ends in.
  const code = Number(error?.title) || Number(error?.type?.split('#')[1]) || undefined;
  return [state === 'FAILED' ? { ...about, ...notDelivered(code) } : about];
}

function consentsIn({ from, text, timestamp }: z.infer<typeof inbound>): Callback[] {
  const allowed = consentIn(text);
  if (allowed === undefined) return [];
  return [{ kind: 'consent', phone: `+${from}`, allowed, ...(timestamp && { at: new Date(timestamp) }) }];
}

function isResponse(value: unknown): value is Response {
  return typeof (value as Response | undefined)?.status === 'number';
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
