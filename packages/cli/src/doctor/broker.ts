import {
  inspectBroker,
  notificationsRpcQueue,
  rpcExchanges,
  subscriptions,
  ticketingRpcQueue,
  type BrokerInspection,
  type InspectedQueue,
  type QueueDefinition,
} from '@turno/shared';
import { reasonOf } from './examination.ts';
import { findingsOf, type Finding } from './finding.ts';

const { ok, warning, error } = findingsOf('broker');

/** Every queue that Turno declares. */
export const queues: readonly QueueDefinition[] = [
  ticketingRpcQueue,
  notificationsRpcQueue,
  ...subscriptions.flatMap(({ queue, deadLetterQueue }) => [queue, deadLetterQueue]),
];
const exchanges = [...subscriptions.map(({ exchange }) => exchange), ...rpcExchanges];
const deadLetterQueues = new Set(subscriptions.map(({ deadLetterQueue }) => deadLetterQueue.name));
/** Queues of calls, and the services that make them when they start. */
const madeAtStart = new Map([
  [ticketingRpcQueue.name, 'ticketing'],
  [notificationsRpcQueue.name, 'notifications'],
]);

/** Delayed retry, and recovery without its early defects: docs/decisions/0033. */
const oldest = [4, 3] as const;

/** What AMQP alone tells of the broker. */
export async function examineBroker(url: string): Promise<Finding[]> {
  const { hostname, port, username, pathname } = new URL(url);
  const where = `${hostname}${port && `:${port}`}`;
  try {
    const inspection = await inspectBroker({ url, queues, exchanges });
    return [
      versionFinding(inspection, where),
      takesMessages(inspection),
      ...inspection.exchanges.flatMap(({ name, state }) => topologyFinding('exchange', name, state)),
      ...inspection.queues.flatMap(({ name, state, reason }) => topologyFinding('queue', name, state, reason)),
      ...inspection.queues.flatMap(consumerFinding),
      ...inspection.queues.flatMap(deadLetterFinding),
    ];
  } catch (failure) {
    return [unreachable(failure, { where, user: username || 'guest', vhost: pathname.slice(1) || '/' })];
  }
}

function unreachable(failure: unknown, at: { where: string; user: string; vhost: string }): Finding {
  const reason = reasonOf(failure);
  if (/ACCESS.REFUSED|403/.test(reason)) {
    return error(
      `${at.where} refuses the user ${at.user}: wrong name or password`,
      `set AMQP_URL, or on the broker: rabbitmqctl change_password ${at.user}`,
    );
  }
  if (/NOT.ALLOWED|530/.test(reason)) {
    return error(
      `the vhost ${at.vhost} is not there, or closed to the user ${at.user}`,
      `set AMQP_URL, or on the broker: rabbitmqctl add_vhost ${at.vhost}; rabbitmqctl set_permissions -p ${at.vhost} ${at.user} …`,
    );
  }
  return error(`nothing to talk to at ${at.where}: ${reason}`, 'start the broker, or set AMQP_URL');
}

function versionFinding({ product, version }: BrokerInspection, where: string): Finding {
  const saw = `${product} ${version} at ${where}`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  return isOld ? error(`${saw} is too old for delayed retries`, `upgrade it to ${oldest.join('.')} or newer`) : ok(saw);
}

function takesMessages({ blockedBecause }: BrokerInspection): Finding {
  if (blockedBecause === undefined) return ok('it takes messages: no memory or disk alarm');
  return error(`it takes no messages: ${blockedBecause}`, 'make room: rabbitmq-diagnostics alarms');
}

function topologyFinding(
  kind: 'queue' | 'exchange',
  name: string,
  state: InspectedQueue['state'],
  reason = '',
): Finding[] {
  switch (state) {
    case 'as declared':
      return [ok(`the ${kind} ${name} is as this version declares it`)];
    case 'missing': {
      const service = madeAtStart.get(name);
      if (service) return [warning(`the queue ${name} is not there: ${service} has not run yet`, `start ${service}`)];
      return [error(`the ${kind} ${name} is not there`, 'turno migrate')];
    }
    case 'different':
      return [error(`the ${kind} ${name} was declared otherwise: ${argumentIn(reason)}`, 'turno migrate')];
    case 'not permitted':
      return [
        warning(
          `the ${kind} ${name} is there; this user may not ask how it was declared`,
          'give AMQP_URL the user of turno migrate',
        ),
      ];
  }
}

/** The broker's long sentence is about one argument. */
function argumentIn(reason: string): string {
  return /inequivalent arg '[^']+'[^"]*/.exec(reason)?.[0] ?? reason;
}

function consumerFinding({ name, state, messages, consumers }: InspectedQueue): Finding[] {
  if (state === 'missing' || deadLetterQueues.has(name)) return [];
  const service = madeAtStart.get(name) ?? 'notifications';
  if (consumers > 0) return [ok(`${name}: ${consumers} consume it, ${messages.toLocaleString('en')} messages wait`)];
  return [warning(`nobody consumes ${name}; ${messages.toLocaleString('en')} messages wait`, `start ${service}`)];
}

function deadLetterFinding({ name, state, messages }: InspectedQueue): Finding[] {
  if (state === 'missing' || !deadLetterQueues.has(name)) return [];
  const letters = findingsOf('dead letters');
  if (messages === 0) return [letters.ok(`none in ${name}`)];
  const saw = `${messages.toLocaleString('en')} in ${name}`;
  return [letters.warning(saw, 'turno dead-letters list; once mended: turno dead-letters redrive --all')];
}
