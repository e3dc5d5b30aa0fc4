import type { IncomingHttpHeaders } from 'node:http';
import type { TraceContext } from '@turno/shared';
import type { SmsPurpose } from '../domain/sms-record.ts';

/** A message to a phone. */
export interface Sms {
  /** Equal whenever the same is sent again; a further attempt, after one that failed, has another. */
  readonly key: string;
  readonly ticketId: string;
  readonly purpose: SmsPurpose;
  readonly to: string;
  readonly text: string;
  /** What sending it is a part of. */
  readonly trace?: TraceContext;
}

/** What a provider said of a message. */
export type SendResult =
  | { readonly kind: 'sent'; readonly providerId: string }
  /** Will never be taken: the number is invalid, the recipient opted out. */
  | { readonly kind: 'permanent'; readonly reason: string }
  /** Not taken, and surely not sent, as no other would be at present: the provider is away, overloaded or set up wrongly. */
  | { readonly kind: 'away'; readonly reason: string }
  /** Not taken, and surely not sent: more than the provider takes at a time. It has said when to come again, or not. */
  | { readonly kind: 'throttled'; readonly reason: string; readonly retryAfterMs?: number }
  /** Was not taken this time, and surely not sent. */
  | { readonly kind: 'transient'; readonly reason: string }
  /** May have been taken: the connection broke, or no answer came in time. */
  | { readonly kind: 'ambiguous'; readonly reason: string };

/** What a provider says when it is asked for a message. */
export type LookUpResult =
  /** It has the message. */
  | { readonly kind: 'sent'; readonly providerId: string }
  /** It has no such message, and nothing that is under way can bring it any more. */
  | { readonly kind: 'never-received' }
  /** It cannot say now. Asking again does no harm. */
  | { readonly kind: 'away'; readonly reason: string; readonly retryAfterMs?: number };

/** A request that the provider makes of us. */
export interface CallbackRequest {
  /** As the provider addressed it: signatures are over this. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty for a GET. */
  readonly body: Buffer;
}

/** What became of an SMS. */
export interface DeliveryCallback {
  readonly kind: 'delivery';
  /** The key of the message, where the provider gives it back; else its own id names the message. */
  readonly key?: string;
  readonly providerId?: string;
  readonly state: 'SENT' | 'DELIVERED' | 'FAILED';
  readonly reason?: string;
  /** Of one that FAILED: the same may arrive so much later, as when the phone was switched off. Once or twice, no more. */
  readonly tryAgainAfterMs?: number;
}

/** A phone answered STOP or START. */
export interface ConsentCallback {
  readonly kind: 'consent';
  readonly phone: string;
  /** Whether it wants promotional messages from now on. */
  readonly allowed: boolean;
  /** When the phone said so, where the provider tells. */
  readonly at?: Date;
}

/** What a provider tells on its own. */
export type Callback = DeliveryCallback | ConsentCallback;

/** What a provider says of our account when it is asked, without a message. */
export type AccountState =
  /** It knows us, and would take messages as far as can be told. */
  | { readonly kind: 'good'; readonly saw: string }
  /** It knows us, and something about the account wants an eye on it, or may not be asked. */
  | { readonly kind: 'doubtful'; readonly saw: string }
  /** It refuses us: SMS would wait. */
  | { readonly kind: 'refused'; readonly saw: string }
  /** It cannot be asked at present. */
  | { readonly kind: 'away'; readonly saw: string };

/** The port to whoever delivers SMS. */
export interface SmsProvider {
  readonly name: string;
  /** Whether a repeated key is the message it has already: whatever became of an attempt, the same again is safe. */
  readonly recognisesKeys?: true;
  /** Whether promotions go out from a sender of their own, so that a STOP to it does not silence the turn. */
  readonly hasPromotionsSender?: true;
  /** Never throws for anything the provider says; a throw counts as ambiguous. */
  send(sms: Sms): Promise<SendResult>;
  /**
   * What became of earlier attempts to send a message, where keys are not recognised but the provider can be asked. No attempt
   * is under way any more, and the first was not before `since`. The messages with the provider's ids `notThese` are not meant:
   * they have the same text and phone, and came of attempts that have ended. Never throws.
   */
  lookUp?(sms: Sms, since: Date, notThese: readonly string[]): Promise<LookUpResult>;
  /** Asks after our account, which sends nothing and costs nothing. Never throws. */
  askAccount?(): Promise<AccountState>;
  /**
   * Reads a callback. `forged` when it is not signed as the provider signs; an empty list when it tells nothing of interest.
   *
   * @throws when it is signed and cannot be read all the same
   */
  readCallback?(request: CallbackRequest): Callback[] | 'forged';
  /** What the provider wants to read once a callback is taken in, where no content will not do. */
  readonly callbackAnswer?: { readonly contentType: string; readonly body: string };
}
