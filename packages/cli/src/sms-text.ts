import { mask, withoutPhones } from '@turno/shared';
import { isHeldBack, type SmsRecord } from '@turno/notifications';
import { printable } from './safe-text.ts';
import { tableLines } from './table.ts';

/** One SMS in a list, as `--json` writes it. */
export interface ListedSms extends Pick<
  SmsRecord,
  'key' | 'purpose' | 'to' | 'segments' | 'encoding' | 'state' | 'attempt'
> {
  readonly ticket_id: string;
  readonly request_id: string;
  /** Null unless it is revealed. */
  readonly text: string | null;
  readonly since: string;
  readonly created_at: string;
  readonly due_at: string | null;
  readonly provider: string | null;
  readonly provider_id: string | null;
  readonly reason: string | null;
}

export function listedSms(record: SmsRecord, isRevealed: boolean): ListedSms {
  const { key, ticketId, requestId, purpose, to, text, segments, encoding, state, since, createdAt } = record;
  return {
    key,
    ticket_id: ticketId,
    request_id: requestId,
    purpose,
    to: isRevealed ? to : mask(to),
    text: isRevealed ? text : null,
    segments,
    encoding,
    state,
    since: since.toISOString(),
    created_at: createdAt.toISOString(),
    attempt: record.attempt,
    due_at: record.dueAt?.toISOString() ?? null,
    provider: record.provider ?? null,
    provider_id: record.providerId ?? null,
    reason: reasonOf(record, isRevealed) ?? null,
  };
}

/** A table with a heading, the reason last because it is the longest. */
export function smsListLines(records: readonly SmsRecord[], isRevealed: boolean): string[] {
  const heading = ['created', 'state', 'to', 'ticket', 'attempt', 'segments', 'key', 'reason'];
  const rows = records.map((record) => [
    record.createdAt.toISOString().replace(/\.\d+/, ''),
    record.state,
    isRevealed ? record.to : mask(record.to),
    record.ticketId,
    String(record.attempt),
    String(record.segments),
    record.key,
    reasonOf(record, isRevealed) ?? '-',
  ]);
  return tableLines([heading, ...rows], [4, 5]);
}

/** The story of one SMS. Phone and text are masked unless revealed. */
export function smsText(record: SmsRecord, isRevealed: boolean): string {
  const { key, ticketId, requestId, purpose, state, since, createdAt, segments, encoding, provider, providerId } =
    record;
  const lines: [string, string | undefined][] = [
    ['state', `${state} since ${since.toISOString()}`],
    ['reason', reasonOf(record, isRevealed)],
    ['next', nextStepOf(record)],
    ['to', isRevealed ? record.to : mask(record.to)],
    ['for', `${purpose === 'turn' ? 'the turn' : 'the promotions'} of ticket ${ticketId}`],
    ['text', isRevealed ? record.text : 'masked; --reveal shows it'],
    ['size', `${segments} ${segments === 1 ? 'segment' : 'segments'} in ${encoding}`],
    ['request', requestId],
    ['provider', provider],
    ['provider id', providerId],
    ['created', createdAt.toISOString()],
  ];
  const known = record.erasedAt ? erasedLines(record) : lines;
  const story = known.flatMap(([name, value]) => (value ? [`  ${name.padEnd(12)}${printable(value)}`] : []));
  return [`SMS ${key}`, ...story, ...attemptLines(record, isRevealed)].join('\n');
}

/** The story of one SMS as `--json` writes it: as in a list, with its earlier attempts. */
export function shownSms(record: SmsRecord, isRevealed: boolean) {
  const earlier = (record.earlierAttempts ?? []).map((each) => ({
    attempt: each.attempt,
    state: each.state,
    since: each.since.toISOString(),
    provider_id: each.providerId ?? null,
    reason: reasonOf(each, isRevealed) ?? null,
  }));
  const erased = record.erasedAt?.toISOString() ?? null;
  return { ...listedSms(record, isRevealed), erased_at: erased, earlier_attempts: earlier };
}

function erasedLines({ state, since, erasedAt }: SmsRecord): [string, string][] {
  return [
    ['state', `${state} since ${since.toISOString()}`],
    ['erased', `${erasedAt!.toISOString()}: its retention is over, or its customer was erased`],
  ];
}

function attemptLines(record: SmsRecord, isRevealed: boolean): string[] {
  if (!record.earlierAttempts?.length) return [];
  const rows = [...record.earlierAttempts, record].map((each) => [
    `  ${each.attempt}`,
    each.state,
    each.since.toISOString(),
    each.providerId ?? '-',
    reasonOf(each, isRevealed) ?? '-',
  ]);
  return ['', ...tableLines([['  attempt', 'state', 'since', 'provider id', 'reason'], ...rows])];
}

/** What happens by itself, or what an operator may do. */
function nextStepOf(record: SmsRecord): string {
  const { state, dueAt, key } = record;
  if (dueAt) return `notifications takes it up, from ${dueAt.toISOString()} on`;
  switch (state) {
    case 'QUEUED':
      return `its event comes again, unless it is a dead letter; turno sms resend ${key} does without the event`;
    case 'SENDING':
      return 'the answer of the provider; should notifications have died, its event comes again';
    case 'UNKNOWN':
      return `its event comes again if the provider can tell; else you decide: turno sms resend ${key}`;
    case 'SENT':
      return 'the provider says when the phone has it, if it ever does';
    case 'DELIVERED':
      return 'nothing: the phone has it';
    case 'FAILED':
      if (isHeldBack(record))
        return `nothing, unless you send it past the limits: turno sms resend ${key} --past-limits`;
      return `nothing, unless you send it anew: turno sms resend ${key}`;
  }
}

/** Providers' own words: there may be phones in them. */
function reasonOf({ reason }: Pick<SmsRecord, 'reason'>, isRevealed: boolean): string | undefined {
  return reason === undefined || isRevealed ? reason : withoutPhones(reason);
}
