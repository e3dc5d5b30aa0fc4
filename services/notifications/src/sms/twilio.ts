import type { Clock } from '@turno/shared';
import type { SmsPurpose } from '../domain/sms-record.ts';
import { consentIn } from './consent-keywords.ts';
import { accountStateOf, retryAfterMs, withoutAnswer } from './failures.ts';
import { defineProvider } from './provider-definition.ts';
import type {
  AccountState,
  Callback,
  CallbackRequest,
  LookUpResult,
  SendResult,
  Sms,
  SmsProvider,
} from './sms-provider.ts';
import { twilioApi, TwilioThrottles } from './twilio-api.ts';
import { notDelivered, verdictOf } from './twilio-answers.ts';
import { mistakesIn, sendersIn, variables, type Sender } from './twilio-variables.ts';

export const twilio = defineProvider({
  name: 'twilio',
  variables,
  needs: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  check: mistakesIn,
  create: async ({ variables: v, clock, callbackUrl, apiBase }) =>
    new TwilioSms({
      api: await twilioApi({
        accountSid: v.TWILIO_ACCOUNT_SID!,
        authToken: v.TWILIO_AUTH_TOKEN!,
        timeoutMs: v.TWILIO_TIMEOUT_MS,
        base: apiBase,
      }),
      senders: sendersIn(v),
      validitySeconds: v.TWILIO_VALIDITY_SECONDS,
      timeoutMs: v.TWILIO_TIMEOUT_MS,
      callbackUrl,
      clock,
    }),
});

export interface TwilioSmsOptions {
  readonly api: Awaited<ReturnType<typeof twilioApi>>;
  readonly senders: ReturnType<typeof sendersIn>;
  readonly validitySeconds: number;
  readonly timeoutMs: number;
  readonly callbackUrl: string | undefined;
  readonly clock: Clock;
}

/** So many messages to one phone are looked through for one that may be among them. */
const lookedThrough = 200;
/** How far Twilio's clock may be behind ours. */
const clocksDifferMs = 60_000;

/**
 * Twilio's Programmable Messaging. A send is not idempotent there, so that one of unknown outcome is looked up.
 *
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
export class TwilioSms implements SmsProvider {
  readonly name = 'twilio';
  /** An answer to an inbound message is TwiML, and this one says nothing to the phone. */
  readonly callbackAnswer = { contentType: 'text/xml', body: '<Response/>' };
  readonly hasPromotionsSender?: true;
  readonly #options: TwilioSmsOptions;

  constructor(options: TwilioSmsOptions) {
    this.#options = options;
    if (options.senders.promotions) this.hasPromotionsSender = true;
  }

  async send({ key, to, text, purpose }: Sms): Promise<SendResult> {
    const { api, validitySeconds: validityPeriod } = this.#options;
    try {
      const sender = this.#senderFor(purpose);
      const message = await api.client.messages.create({
        to,
        body: text,
        ...sender,
        validityPeriod,
        ...this.#back(key),
      });
      if (message.sid) return { kind: 'sent', providerId: message.sid };
      return { kind: 'ambiguous', reason: 'Twilio answered without an id' };
    } catch (error) {
      return this.#failure(error);
    }
  }

  /**
   * Twilio names no message by our key, so the phone's messages are compared with the text. Not by the date of sending, as its
   * list can: one that waits in Twilio's queue has none yet.
   */
  async lookUp({ to, text }: Sms, since: Date, notThese: readonly string[]): Promise<LookUpResult> {
    try {
      const messages = await this.#options.api.client.messages.list({
        to,
        limit: lookedThrough,
        pageSize: lookedThrough,
      });
      const notBefore = since.getTime() - clocksDifferMs;
      const found = messages.find(
        // A trial account's texts have a notice in front.
        ({ sid, body, dateCreated, direction }) =>
          direction !== 'inbound' &&
          !notThese.includes(sid) &&
          lettersOf(body).endsWith(lettersOf(text)) &&
          dateCreated.getTime() >= notBefore,
      );
      return found ? { kind: 'sent', providerId: found.sid } : { kind: 'never-received' };
    } catch (error) {
      const result = this.#failure(error);
      const wait = result.kind === 'throttled' ? result.retryAfterMs : undefined;
      const reason = result.kind === 'sent' ? 'Twilio cannot be asked' : result.reason;
      return { kind: 'away', reason, ...(wait !== undefined && { retryAfterMs: wait }) };
    }
  }

  /** @see https://www.twilio.com/docs/iam/api/account */
  async askAccount(): Promise<AccountState> {
    const { api } = this.#options;
    try {
      const { status, type } = await api.client.api.v2010.accounts(api.accountSid).fetch();
      if (status !== 'active') return { kind: 'refused', saw: `the account at Twilio is ${status}` };
      if (type === 'Trial')
        return { kind: 'doubtful', saw: 'a trial account at Twilio: it writes to verified phones only' };
      return { kind: 'good', saw: 'Twilio knows the account, which is active' };
    } catch (error) {
      return accountStateOf(this.#failure(error));
    }
  }

  readCallback({ url, headers, body }: CallbackRequest): Callback[] | 'forged' {
    const form = Object.fromEntries(new URLSearchParams(body.toString())) as Readonly<Record<string, string>>;
    if (!this.#options.api.isSigned(url, String(headers['x-twilio-signature']), form)) return 'forged';
    const key = new URL(url).searchParams.get('key');
    return form['MessageStatus'] === undefined ? consentsIn(form) : deliveriesIn(form, key);
  }

  #senderFor(purpose: SmsPurpose): Sender {
    const { turn, promotions } = this.#options.senders;
    return purpose === 'promotions' ? (promotions ?? turn) : turn;
  }

  /** The key comes back with every callback, so that one finds its record that is here before Twilio's answer is. */
  #back(key: string): { statusCallback?: string } {
    const { callbackUrl } = this.#options;
    return callbackUrl === undefined ? {} : { statusCallback: `${callbackUrl}?key=${encodeURIComponent(key)}` };
  }

  #failure(error: unknown): SendResult {
    if (error instanceof TwilioThrottles) {
      const after = retryAfterMs(error.retryAfter, this.#options.clock());
      return { kind: 'throttled', reason: error.message, ...(after !== undefined && { retryAfterMs: after }) };
    }
    const { status, code } = error as { status?: unknown; code?: unknown };
    if (typeof status !== 'number') return withoutAnswer('Twilio', error, this.#options.timeoutMs);
    const known = typeof code === 'number' ? code : undefined;
    const [kind, meaning] = verdictOf(status, known);
    return { kind, reason: `${meaning} (Twilio ${known ?? `answered ${status}`})` };
  }
}

/** A text without what Twilio's Smart Encoding may have put in another way: quotation marks, dashes, spaces. */
function lettersOf(text: string): string {
  return text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');
}

/** Where the life of a message stands. Twilio has it from the first callback on. */
const states: Readonly<Record<string, 'SENT' | 'DELIVERED' | 'FAILED'>> = {
  accepted: 'SENT',
  scheduled: 'SENT',
  queued: 'SENT',
  sending: 'SENT',
  sent: 'SENT',
  delivered: 'DELIVERED',
  read: 'DELIVERED',
  undelivered: 'FAILED',
  failed: 'FAILED',
  canceled: 'FAILED',
};

function deliveriesIn(form: Readonly<Record<string, string>>, key: string | null): Callback[] {
  const state = states[form['MessageStatus']!];
  const providerId = form['MessageSid'];
  if (!state || !providerId) return [];
  const about = { kind: 'delivery' as const, ...(key !== null && { key }), providerId, state };
  return [state === 'FAILED' ? { ...about, ...notDelivered(Number(form['ErrorCode']) || undefined) } : about];
}

/** Messages from phones. With Advanced Opt-Out Twilio says what an answer means, in whatever language the service has. */
function consentsIn({ From: phone, Body: text = '', OptOutType: type }: Readonly<Record<string, string>>): Callback[] {
  const allowed = type === undefined ? consentIn(text) : { STOP: false, START: true }[type];
  return phone === undefined || allowed === undefined ? [] : [{ kind: 'consent', phone, allowed }];
}
