/**
 * How far an SMS has come.
 * QUEUED: to be sent. SENDING: handed to the provider, its answer is not here yet. UNKNOWN: its answer does not say
 * whether it has the SMS; the next delivery of the event finds out, or an operator where the provider cannot tell.
 * SENT: the provider has it. DELIVERED: the phone has it. FAILED: it will never arrive. These two are final.
 */
export const smsStates = ['QUEUED', 'SENDING', 'UNKNOWN', 'SENT', 'DELIVERED', 'FAILED'] as const;
export type SmsState = (typeof smsStates)[number];

/** What an SMS is for: a ticket has one for its turn, and another for promotions where these have a sender of their own. */
export type SmsPurpose = 'turn' | 'promotions';

export type SmsEncoding = 'GSM-7' | 'UCS-2';

/** One SMS. */
export interface SmsRecord {
  /** Made from the id of the event that asked for it, and equal on every repeat. */
  readonly key: string;
  readonly ticketId: string;
  readonly requestId: string;
  readonly purpose: SmsPurpose;
  readonly to: string;
  readonly text: string;
  /** How many SMS the network makes, and charges, of the text. */
  readonly segments: number;
  readonly encoding: SmsEncoding;
  readonly state: SmsState;
  /** Since when it is in this state. */
  readonly since: Date;
  readonly createdAt: Date;
  /** Who has it, or is to have it: the provider's name. Only that one is asked what became of it. */
  readonly provider?: string;
  /** The provider's own id of the message, once it has one. */
  readonly providerId?: string;
  /** Why it is FAILED, UNKNOWN or QUEUED again. */
  readonly reason?: string;
}

/** What moves when a record moves. */
export type SmsProgress = Pick<SmsRecord, 'state' | 'since' | 'provider' | 'providerId' | 'reason'>;

export interface SmsRecords {
  /** Stores a new record; undefined when there is one under the key already. */
  add(record: SmsRecord): Promise<SmsRecord | undefined>;
  find(key: string): Promise<SmsRecord | undefined>;
  /** The record of a message that the provider knows under an id of its own. */
  findByProviderId(providerId: string): Promise<SmsRecord | undefined>;
  /**
   * Moves a record on from the state it is believed to be in, and since when. False when it is elsewhere by now: another
   * instance was faster.
   */
  advance(from: SmsRecord, to: SmsProgress): Promise<boolean>;
}
