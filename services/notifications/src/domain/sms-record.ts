import { smsState, type SmsState, type TraceContext } from '@turno/shared';
import type { MeasuredText } from './segments.ts';

export const smsStates = smsState.options;
export type { SmsState };

/** What an SMS is for: a ticket has one for its turn, and another for promotions where these have a sender of their own. */
export type SmsPurpose = 'turn' | 'promotions';

export type SmsEncoding = 'GSM-7' | 'UCS-2';

/** One SMS. */
export interface SmsRecord {
  /** Made from the id of the event that asked for it, and equal on every repeat. */
  readonly key: string;
  readonly ticketId: string;
  readonly requestId: string;
  /** What sending it is a part of. Stored where somebody records it. */
  readonly trace?: TraceContext;
  /** When its ticket was created. */
  readonly askedAt?: Date;
  readonly purpose: SmsPurpose;
  readonly to: string;
  readonly text: string;
  /** How many SMS the network makes, and charges, of the text. */
  readonly segments: number;
  readonly encoding: SmsEncoding;
  /** Of a turn with promotions behind it: the turn alone, for when they are not wanted any more. */
  readonly withoutPromotions?: MeasuredText;
  /** Of a turn: the promotions that follow it in an SMS of their own, as they were decided on together with it. */
  readonly promotions?: MeasuredText;
  readonly state: SmsState;
  /** Since when it is in this state. */
  readonly since: Date;
  readonly createdAt: Date;
  /** Who has it, or is to have it: the provider's name. Only that one is asked what became of it. */
  readonly provider?: string;
  /** The provider's own id of the message, once it has one. */
  readonly providerId?: string;
  /** When a provider had it for the first time. */
  readonly handedOverAt?: Date;
  /** Why it is FAILED, UNKNOWN or QUEUED again. */
  readonly reason?: string;
  /** 1 at first. One more each time it is sent anew, under a key of its own at the provider. */
  readonly attempt: number;
  readonly earlierAttempts?: readonly EarlierAttempt[];
  /**
   * From when the sweep of due messages takes it up: sends it, or finds out what became of it. Absent while an event does
   * that, and where nothing is left to do.
   */
  readonly dueAt?: Date;
  /** Since when only key and state are left of it: its retention is over. */
  readonly erasedAt?: Date;
}

/** How an attempt ended that another one followed. */
export interface EarlierAttempt extends Pick<SmsRecord, 'attempt' | 'state' | 'since' | 'providerId' | 'reason'> {}

/** The reason of a record that is FAILED because nobody is to have it any more: after a STOP, or in quiet hours. */
export const noLongerWanted = 'no longer wanted';

/**
 * Reasons of a record that is FAILED because its SMS was held back: its destination costs money that is perhaps somebody's aim.
 * An operator may send it all the same.
 */
export const heldBackReasons = ['DESTINATION_NOT_ALLOWED', 'PREFIX_CAP'] as const;
export type HeldBackReason = (typeof heldBackReasons)[number];

export function isHeldBack({ state, reason }: Pick<SmsRecord, 'state' | 'reason'>): boolean {
  return state === 'FAILED' && heldBackReasons.some((each) => each === reason);
}

/** What moves when a record moves; its text only until the provider may have it. What of it a new state does not name is as {@link endingWith} says. */
export type SmsProgress = Pick<
  SmsRecord,
  'state' | 'since' | 'provider' | 'providerId' | 'reason' | 'dueAt' | 'handedOverAt'
> &
  Partial<Pick<SmsRecord, 'attempt' | 'earlierAttempts'> & MeasuredText>;

/**
 * The fields that end when a record moves on without new values for them: a reason with its state, the sweep's interest
 * with the last thing to do, the provider's id with its attempt.
 */
export function endingWith(to: SmsProgress): ('reason' | 'dueAt' | 'providerId')[] {
  const ending = {
    reason: true,
    dueAt: to.state !== 'QUEUED' && to.state !== 'SENDING',
    providerId: to.attempt !== undefined,
  };
  return (['reason', 'dueAt', 'providerId'] as const).filter((field) => ending[field] && to[field] === undefined);
}

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
  /** Records that are due, those that have been for longest first. */
  findDue(now: Date, limit: number): Promise<SmsRecord[]>;
  /**
   * Takes up a due record: nobody else does until the moment given, by which the work is done or the worker dead. False when
   * somebody else was faster.
   */
  lease(record: SmsRecord, until: Date): Promise<boolean>;
  /**
   * Erases the oldest records, all but key and state: an event that comes again must find what was done.
   *
   * @returns how many they were, `limit` at most
   */
  erase(olderThan: Date, now: Date, limit: number): Promise<number>;
}
