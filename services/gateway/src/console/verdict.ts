import type { CallSeries, Figures, Finding, Verdict } from './figures.ts';
import { eventQueueName, ticketingQueueName } from './shapes.ts';

export type Judged = Omit<Figures, 'verdict'>;

/** An event goes out in milliseconds, and the relay comes to those left behind within seconds. */
const outboxIsLateAfterMs = 30_000;
const manyEvents = 1_000;
/** Fewer calls than this say nothing about a share. */
const fewCalls = 20;
const failedShare = 0.05;
const lookBackMs = 5 * 60_000;
const failedSms = { share: 0.2, atLeast: 5 };

/** Whether all is well and, where not, what to do about it. */
export function verdictOf(figures: Judged): Verdict {
  const findings = [
    ...ofBroker(figures),
    ...ofTicketing(figures),
    ...ofNotifications(figures),
    ...ofSms(figures),
    ...ofDeadLetters(figures),
    ...ofLoad(figures),
  ].toSorted((a, b) => Number(a.state === 'look') - Number(b.state === 'look'));
  const [worst] = findings;
  return { state: worst?.state ?? 'well', findings };
}

const broken = (what: string, todo: string, help: string): Finding => ({ state: 'broken', what, todo, help });
const look = (what: string, todo: string, help: string): Finding => ({ state: 'look', what, todo, help });

function* ofBroker({ gateway, queues }: Judged): Generator<Finding> {
  if (gateway.brokerTrouble !== undefined) {
    yield broken(
      `The gateway does not reach the broker: ${gateway.brokerTrouble}.`,
      'Callers get 503. See that RabbitMQ runs, has disk and memory left and takes the credentials in AMQP_URL.',
      'broker',
    );
    return;
  }
  const missing = (queues.value ?? []).filter(({ depth }) => !depth).map(({ name }) => name);
  if (missing.length > 0) {
    yield broken(
      `The broker has no queue ${missing.join(', ')}.`,
      'It is made by the service that consumes it: start that one, or run turno migrate.',
      'queues',
    );
  }
}

function* ofTicketing({ gateway, tickets, queues, at }: Judged): Generator<Finding> {
  if (gateway.breaker !== 'closed') {
    yield broken(
      `The breaker before ticketing is ${gateway.breaker}: calls have failed.`,
      'Callers get 503. See the log of ticketing, and its readiness. The breaker closes by itself.',
      'ticketing',
    );
  }
  if (gateway.brokerTrouble === undefined && tickets.failing) {
    const nobody = consumersOf({ queues }, ticketingQueueName) === 0 ? ' No instance of it is connected.' : '';
    yield broken(
      `Ticketing does not answer: ${tickets.failing.why}.${nobody}`,
      'No tickets are created. See that ticketing runs and its database answers.',
      'ticketing',
    );
  }
  const { size = 0, oldestSince } = tickets.value?.outbox ?? {};
  if (oldestSince !== undefined && at - oldestSince > outboxIsLateAfterMs) {
    yield broken(
      `${amount(size, 'event')} could not be published, the oldest for ${inWords(at - oldestSince)}.`,
      'Their SMS wait; nothing is lost. See the log of ticketing: the broker refuses or returns them.',
      'outbox',
    );
  }
}

function* ofNotifications({ gateway, sms, queues }: Judged): Generator<Finding> {
  if (gateway.brokerTrouble !== undefined) return;
  if (sms.failing) {
    yield broken(
      `Notifications does not answer: ${sms.failing.why}.`,
      'Tickets are created, their SMS wait in the queue. See that notifications runs and its database answers.',
      'notifications',
    );
  }
  const events = queues.value?.find(({ name }) => name === eventQueueName)?.depth;
  if (events && events.messages > 0 && events.consumers === 0) {
    yield broken(
      `Nobody takes the ${amount(events.messages, 'event')} of ${eventQueueName}.`,
      'SMS wait. Start notifications, or see why it holds off: its readiness says so.',
      'notifications',
    );
  } else if (events && events.messages >= manyEvents) {
    yield look(
      `${amount(events.messages, 'event')} wait for their SMS.`,
      'They are sent in time or late, none is lost. See the provider, and run more instances of notifications.',
      'queues',
    );
  }
}

function* ofSms({ sms }: Judged): Generator<Finding> {
  if (!sms.value) return;
  const { providers, isFallbackInUse, counts } = sms.value;
  for (const { name, breaker } of providers) {
    if (breaker === 'closed') continue;
    yield broken(
      `The SMS provider ${name} takes no SMS: its breaker is ${breaker}.`,
      'SMS wait and are sent once it is back. See the log of notifications and the status page of the provider.',
      'provider',
    );
  }
  if (isFallbackInUse) {
    yield look('The fallback sends the SMS.', 'The first provider has been away for long. See its status.', 'provider');
  }
  const { FAILED: failed = 0, UNKNOWN: unknown = 0 } = counts;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (failed >= failedSms.atLeast && failed / all >= failedSms.share) {
    yield look(
      `${failed} of ${amount(all, 'SMS', 'SMS')} of the last hour have failed.`,
      'Their reasons are in the list below; turno sms resend sends them again.',
      'failed-sms',
    );
  }
  if (unknown > 0) {
    yield look(
      `Of ${amount(unknown, 'SMS', 'SMS')} of the last hour it is unknown whether the phone has it.`,
      'Where the provider can tell, it is found out. Else decide with turno sms list --state UNKNOWN.',
      'unknown-sms',
    );
  }
}

function* ofDeadLetters({ deadLetters, queues }: Judged): Generator<Finding> {
  const waiting =
    deadLetters.value?.waiting ?? queues.value?.find(({ is }) => is === 'dead letters')?.depth?.messages ?? 0;
  if (waiting === 0) return;
  yield look(
    `${amount(waiting, 'dead letter')}: their SMS were not sent.`,
    'See their reasons below, mend the cause, then redrive them.',
    'dead-letters',
  );
}

function* ofLoad({ gateway }: Judged): Generator<Finding> {
  const { calls, failed } = lately(gateway.rpc);
  if (calls >= fewCalls && failed / calls >= failedShare) {
    yield look(
      `${Math.round((100 * failed) / calls)} % of the calls to ticketing in the last five minutes have failed.`,
      'See the latency below and the log of ticketing.',
      'ticketing',
    );
  }
  const answers = lately(gateway.http);
  if (answers.calls >= fewCalls && answers.failed / answers.calls >= failedShare) {
    yield look(
      `${Math.round((100 * answers.failed) / answers.calls)} % of the requests in the last five minutes were answered 5xx.`,
      'See what else is wrong here, and the log of the gateway.',
      'load',
    );
  }
}

function lately(series: CallSeries | undefined): { readonly calls: number; readonly failed: number } {
  if (!series) return { calls: 0, failed: 0 };
  const sum = (counts: readonly number[]) =>
    counts.slice(-lookBackMs / series.slotMs).reduce((total, count) => total + count, 0);
  return { calls: sum(series.calls), failed: sum(series.failed) };
}

function consumersOf({ queues }: Pick<Judged, 'queues'>, queue: string): number | undefined {
  return queues.value?.find(({ name }) => name === queue)?.depth?.consumers;
}

function amount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
