import { brokerRights, brokerUsers, subscriptions, type BrokerUser } from '@turno/shared';
import { z } from 'zod';
import { queues } from './broker.ts';
import { reasonOf } from './examination.ts';
import { findingsOf, type Finding } from './finding.ts';
import { policyFindings } from './policies.ts';
import { skewFinding, type Measured } from './skew.ts';

const { ok, warning, error } = findingsOf('broker');

/** What the management API is asked with. */
export interface ManagementOptions {
  readonly url: string;
  /** Whose vhost, permissions and, where the address has none, credentials count. */
  readonly amqpUrl: string;
  /** With which the services log in, of those that are known here. */
  readonly accounts: Readonly<Partial<Record<BrokerUser, string>>>;
  readonly now: () => Date;
  readonly withinMs: number;
}

/** The broker says no to what this user asks. */
class NotPermitted extends Error {
  override readonly name = 'NotPermitted';
}

const permissions = z.array(z.object({ user: z.string(), configure: z.string(), write: z.string(), read: z.string() }));
const queueList = z.array(
  z.object({
    name: z.string(),
    policy: z.string().nullish(),
    operator_policy: z.string().nullish(),
    effective_policy_definition: z.record(z.string(), z.unknown()).catch({}),
    members: z.array(z.string()).optional(),
    online: z.array(z.string()).optional(),
  }),
);

/** What AMQP does not tell: policies, alarms of other nodes, permissions, members of quorum queues, and the broker's clock. */
export async function examineManagement(options: ManagementOptions): Promise<Finding[]> {
  const { pathname, username } = new URL(options.amqpUrl);
  const vhost = decodeURIComponent(pathname.slice(1)) || '/';
  const ask = asker(options);
  try {
    const alarms = await ask('/api/health/checks/alarms', z.unknown(), [200, 503]);
    const clock = await measuredClock(options);
    return [
      alarms.status === 200
        ? ok('no alarm on any node')
        : error('a node has a memory or disk alarm', 'make room: rabbitmq-diagnostics alarms'),
      ...(await optional('queues and policies', async () => {
        const { body } = await ask(`/api/queues/${encodeURIComponent(vhost)}`, queueList);
        const known = body.filter(({ name }) => queues.some((queue) => queue.name === name));
        return [...policyFindings(known, vhost), ...known.flatMap(membersFinding)];
      })),
      ...(await optional('permissions', async () => {
        const { body } = await ask(`/api/vhosts/${encodeURIComponent(vhost)}/permissions`, permissions);
        const own = permissionFindings(body, decodeURIComponent(username) || 'guest', vhost);
        return [...own, ...accountFindings(body, options.accounts)];
      })),
      ...(clock ? [skewFinding(clock, "the broker's")] : []),
    ];
  } catch (failure) {
    return [
      error(`the management API: ${reasonOf(failure)}`, 'set AMQP_MANAGEMENT_URL: http://user:password@broker:15672'),
    ];
  }
}

/** Without the management API, what was not looked at. */
export function notManaged(): Finding {
  return warning(
    'policies, permissions, alarms of other nodes and its clock were not checked: they are known to the management API only',
    'set AMQP_MANAGEMENT_URL: http://user:password@broker:15672',
  );
}

async function optional(what: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (failure) {
    if (!(failure instanceof NotPermitted)) throw failure;
    return [
      warning(
        `${what} were not checked: ${failure.message}`,
        'rabbitmqctl set_user_tags USER administrator, of AMQP_MANAGEMENT_URL',
      ),
    ];
  }
}

function asker(options: ManagementOptions) {
  return async <T>(path: string, shape: z.ZodType<T>, statuses: readonly number[] = [200]) => {
    const answer = await fetch(new URL(path, options.url.replace(/\/\/[^/]*@/, '//')), {
      headers: { authorization: authorization(options) },
      signal: AbortSignal.timeout(options.withinMs),
    });
    const text = await answer.text();
    if (answer.status === 401 && /not_?authori[sz]ed|login failed/i.test(text) && path.includes('health')) {
      throw new Error('it refuses the credentials, or the user lacks the tag monitoring');
    }
    if (answer.status === 401 || answer.status === 403) throw new NotPermitted(`its user may not see ${path}`);
    if (!statuses.includes(answer.status)) throw new Error(`it answers ${path} with ${answer.status}`);
    return { status: answer.status, body: shape.parse(JSON.parse(text)) };
  };
}

function authorization({ url, amqpUrl }: ManagementOptions): string {
  const own = new URL(url);
  const { username, password } = own.username ? own : new URL(amqpUrl);
  const credentials = `${decodeURIComponent(username) || 'guest'}:${decodeURIComponent(password) || 'guest'}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** By the header Date of an answer, which is in whole seconds, and which the broker's web server makes once a second. */
async function measuredClock({ url, now, withinMs }: ManagementOptions): Promise<Measured | undefined> {
  const before = now();
  const answer = await fetch(new URL(url.replace(/\/\/[^/]*@/, '//')), { signal: AbortSignal.timeout(withinMs) });
  await answer.body?.cancel();
  const theirs = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(theirs) ? undefined : { theirs: theirs + 1_000, before, after: now(), resolutionMs: 1_000 };
}

function membersFinding({ name, members = [], online = [] }: z.infer<typeof queueList>[number]): Finding[] {
  if (members.length === 0) return [];
  if (online.length === members.length) {
    return [
      ok(
        `${name} has ${members.length === 1 ? 'one member, and would be away with its node' : `${members.length} members, all online`}`,
      ),
    ];
  }
  const saw = `${name}: ${online.length} of ${members.length} members are online`;
  const mend = 'start the nodes that are down: rabbitmq-diagnostics cluster_status';
  return [online.length * 2 > members.length ? warning(saw, mend) : error(saw, mend)];
}

/** What `turno migrate` and the services do with their user, by name of what they do it to. */
const wanted = {
  configure: subscriptions.flatMap((s) => [s.exchange.name, s.queue.name, s.deadLetterQueue.name]),
  write: subscriptions.flatMap((s) => [s.exchange.name, s.queue.name]),
  read: subscriptions.flatMap((s) => [s.exchange.name, s.queue.name, s.deadLetterQueue.name]),
} as const;

function permissionFindings(all: z.infer<typeof permissions>, user: string, vhost: string): Finding[] {
  const own = all.find((each) => each.user === user);
  if (!own)
    return [
      error(`the user ${user} has no permissions in ${vhost}`, `rabbitmqctl set_permissions -p ${vhost} ${user} …`),
    ];
  const lacking = Object.entries(wanted).flatMap(([kind, names]) => {
    const pattern = new RegExp(own[kind as keyof typeof wanted] || '^$');
    return names.filter((name) => !pattern.test(name)).map((name) => `${kind} ${name}`);
  });
  if (lacking.length === 0)
    return [ok(`the user ${user} may do all that turno migrate and the services do with the events`)];
  // A service's own user needs less than that.
  return [
    warning(
      `the user ${user} may not ${lacking.join(', ')}`,
      `as the user of turno migrate: rabbitmqctl set_permissions -p ${vhost} ${user} …`,
    ),
  ];
}

/** Whether each service's account has the rights that `turno accounts` gives it. */
function accountFindings(all: z.infer<typeof permissions>, accounts: ManagementOptions['accounts']): Finding[] {
  return brokerUsers.flatMap((service) => {
    const address = accounts[service];
    if (address === undefined) return [];
    const user = decodeURIComponent(new URL(address).username);
    const has = all.find((each) => each.user === user);
    const kinds = ['configure', 'write', 'read'] as const;
    const other = kinds.filter((kind) => has?.[kind] !== brokerRights[service][kind]);
    if (other.length === 0) return [ok(`the account ${user} has the rights of ${service}, and no others`)];
    const saw = has ? `to ${other.join(', ')} are not those of ${service}` : `of ${service} are missing`;
    return [error(`the rights of the account ${user} ${saw}`, 'turno accounts')];
  });
}
