/**
 * How far an SMS has come. It moves forward only.
 * QUEUED: to be sent. SENDING: handed to the provider, its answer is not here yet. SENT: the provider has it.
 * FAILED: the provider will never take it. UNKNOWN: the provider may have it and cannot be asked; an operator decides.
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
