import { isRecorded } from '@turno/shared';
import { Schema, type Connection } from 'mongoose';
import type { SmsRecord } from '../domain/sms-record.ts';

export interface SmsRecordDocument extends Omit<SmsRecord, 'key'> {
  readonly _id: string;
}

const measuredText = new Schema({ text: String, segments: Number, encoding: String }, { strict: 'throw', _id: false });
const schema = new Schema<SmsRecordDocument>(
  {
    _id: { type: String, required: true },
    ticketId: { type: String, required: true },
    requestId: { type: String, required: true },
    trace: new Schema({ traceparent: String, tracestate: String }, { strict: 'throw', _id: false }),
    askedAt: Date,
    purpose: { type: String, required: true },
    to: { type: String, required: true },
    text: { type: String, required: true },
    segments: { type: Number, required: true },
    encoding: { type: String, required: true },
    withoutPromotions: measuredText,
    promotions: measuredText,
    state: { type: String, required: true },
    since: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    provider: String,
    providerId: String,
    handedOverAt: Date,
    reason: String,
    attempt: { type: Number, required: true },
    earlierAttempts: { type: [Schema.Types.Mixed], default: undefined },
    dueAt: Date,
    erasedAt: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'sms_records' },
);
schema.index({ providerId: 1 }, { name: 'by_provider_id', sparse: true });
schema.index({ dueAt: 1 }, { name: 'due', sparse: true });
// Without the erased ones, which have no createdAt any more.
schema.index({ createdAt: -1 }, { name: 'newest_first', sparse: true });
// For operators, who look for SMS by what they know of them.
schema.index({ ticketId: 1, createdAt: -1 }, { name: 'by_ticket', sparse: true });
schema.index({ to: 1, createdAt: -1 }, { name: 'by_phone', sparse: true });
schema.index({ state: 1, createdAt: -1 }, { name: 'by_state' });
// The inbox page looks for what has just moved.
schema.index({ since: -1 }, { name: 'last_moved' });

/** All that is left of an erased record. */
const kept = new Set(['_id', 'state', 'since', 'attempt', 'erasedAt']);
/** The rest, as an update takes it away. */
export const whatIsErased = Object.fromEntries(
  Object.keys(schema.paths).flatMap((path) => (kept.has(path) ? [] : [[path, 1]])),
);

export type SmsRecordModel = ReturnType<typeof smsRecordModel>;

export function smsRecordModel(connection: Connection) {
  return connection.model('SmsRecord', schema);
}

/** Without a trace that nobody records, which is of use to log lines of the moment alone. */
export function toDocument({ key, trace, ...rest }: SmsRecord): SmsRecordDocument {
  return { _id: key, ...rest, ...(trace && isRecorded(trace) && { trace }) };
}

/** What is read of a record where it has nothing: when it is erased, or made by an earlier version. */
const defaults = {
  ticketId: '',
  requestId: '',
  purpose: 'turn',
  to: '',
  text: '',
  segments: 0,
  encoding: 'GSM-7',
  attempt: 1,
} as const;

export function toRecord({ _id, ...rest }: SmsRecordDocument): SmsRecord {
  return { key: _id, ...defaults, ...rest, createdAt: rest.createdAt ?? rest.since };
}
