/**
 * How far an SMS has come.
 * QUEUED: to be sent. SENDING: handed to the provider, its answer is not here yet. UNKNOWN: its answer does not say
 * whether it has the SMS; the next delivery of the event finds out, or an operator where the provider cannot tell.
 * SENT: the provider has it. FAILED: the provider will never take it. These two are final.
 */
export type SmsState = 'QUEUED' | 'SENDING' | 'SENT' | 'FAILED' | 'UNKNOWN';

/** One SMS, under the id of the event that asked for it. */
export interface SmsRecord {
  readonly eventId: string;
  readonly ticketId: string;
  readonly requestId: string;
  readonly to: string;
  readonly text: string;
  readonly state: SmsState;
  /** Since when it is in this state. */
  readonly since: Date;
  /** The provider's own id of the message, once it has one. */
  readonly providerId?: string;
  /** Why it is FAILED, UNKNOWN or QUEUED again. */
  readonly reason?: string;
}

export interface SmsRecords {
  /** Stores a new record; undefined when there is one for the event already. */
  add(record: SmsRecord): Promise<SmsRecord | undefined>;
  find(eventId: string): Promise<SmsRecord | undefined>;
  /**
   * Moves a record on from the state it is believed to be in, and since when. False when it is elsewhere by now: another
   * instance was faster.
   */
  advance(from: SmsRecord, to: Pick<SmsRecord, 'state' | 'since' | 'providerId' | 'reason'>): Promise<boolean>;
}
