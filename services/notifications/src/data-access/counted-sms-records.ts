import type { Clock, Metrics } from '@turno/shared';
import {
  heldBackReasons,
  isHeldBack,
  noLongerWanted,
  type SmsProgress,
  type SmsRecord,
  type SmsRecords,
  type SmsState,
} from '../domain/sms-record.ts';

/** What a state that a record has moved to counts as. A record that is queued again is one that was tried. */
const words = {
  QUEUED: 'retried',
  SENDING: undefined,
  UNKNOWN: 'unknown',
  SENT: 'sent',
  DELIVERED: 'delivered',
  FAILED: 'failed',
} as const satisfies Record<SmsState, string | undefined>;

const handedOver: ReadonlySet<SmsState> = new Set(['SENT', 'DELIVERED']);

/** From 25 ms, as when all is well, to the hour after which a turn may be over. */
const secondsToHandOver = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

/** Records whose moves are counted, whoever moves them: an event, the sweep of due messages, a callback. */
export function countedSmsRecords(records: SmsRecords, metrics: Metrics, clock: Clock): SmsRecords {
  const states = metrics.counters('turno_sms_total', 'SMS that came into a state, by provider', ['provider', 'state']);
  const segments = metrics.counters('turno_sms_segments_total', 'Segments of the SMS that a provider took', [
    'provider',
  ]);
  const seconds = metrics.histogram(
    'turno_sms_handover_seconds',
    'From the ticket until a provider has its turn by the first attempt, in seconds',
    [],
    secondsToHandOver,
  );

  const heldBack = metrics.counters(
    'turno_sms_held_back_total',
    'SMS held back because of where they were to go, by reason',
    ['reason'],
  );
  for (const reason of heldBackReasons) heldBack.inc({ reason }, 0);

  function note(from: SmsRecord, to: SmsProgress): void {
    const provider = to.provider ?? from.provider ?? 'none';
    const word = from.state === to.state && to.attempt === undefined ? undefined : words[to.state];
    // Nothing is wrong with what was dropped as it should be.
    if (word) states.inc({ provider, state: to.reason === noLongerWanted ? 'dropped' : word });
    if (!handedOver.has(to.state) || handedOver.has(from.state)) return;
    // Its callback was faster than the answer to it.
    if (to.state === 'DELIVERED') states.inc({ provider, state: 'sent' });
    segments.inc({ provider }, to.segments ?? from.segments);
    const { askedAt, purpose, attempt } = from;
    if (askedAt && purpose === 'turn' && attempt === 1)
      seconds.observe((clock().getTime() - askedAt.getTime()) / 1_000);
  }

  return {
    add: async (record) => {
      const added = await records.add(record);
      if (added && isHeldBack(added)) heldBack.inc({ reason: added.reason! });
      return added;
    },
    find: (key) => records.find(key),
    findByProviderId: (id) => records.findByProviderId(id),
    advance: async (from, to) => {
      const isMoved = await records.advance(from, to);
      if (isMoved) note(from, to);
      return isMoved;
    },
    findDue: (now, limit) => records.findDue(now, limit),
    lease: (record, until) => records.lease(record, until),
    erase: (olderThan, now, limit) => records.erase(olderThan, now, limit),
  };
}
