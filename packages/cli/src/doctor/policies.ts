import { findingsOf, type Finding } from './finding.ts';
import { queues } from './broker.ts';

const { ok, error } = findingsOf('broker');

/** A queue as the management API shows it. */
export interface PolicedQueue {
  readonly name: string;
  readonly policy?: string | null | undefined;
  readonly operator_policy?: string | null | undefined;
  readonly effective_policy_definition: Readonly<Record<string, unknown>>;
}

/** What messages die of, that no queue of ours is declared with. */
const deadly = new Set(['message-ttl', 'expires', 'max-length-bytes']);
/** Of a limit in the policy and one in the arguments the lower one counts. */
const limits = { 'max-length': 'x-max-length', 'delivery-limit': 'x-delivery-limit' } as const;

/**
 * Policies that take from a queue what Turno declares it with. Where policy and arguments both say something, the arguments win,
 * but for limits, of which the lower one counts.
 *
 * @see https://www.rabbitmq.com/docs/parameters#policies
 */
export function policyFindings(policed: readonly PolicedQueue[], vhost: string): Finding[] {
  const findings = policed.flatMap((queue) => {
    const harm = harmOf(queue);
    if (harm.length === 0) return [];
    const names = [queue.policy, queue.operator_policy && `${queue.operator_policy} (of operators)`].filter(Boolean);
    return [
      error(
        `the policy ${names.join(', ')} gives ${queue.name} ${harm.join(', ')}: messages would be lost`,
        `rabbitmqctl ${queue.policy ? 'clear_policy' : 'clear_operator_policy'} -p ${vhost} ${queue.policy ?? queue.operator_policy}, or give it a pattern without this queue`,
      ),
    ];
  });
  return findings.length > 0 ? findings : [ok('no policy takes from the queues what they are declared with')];
}

function harmOf({ name, effective_policy_definition: policy }: PolicedQueue): string[] {
  const declared = queues.find((queue) => queue.name === name)?.arguments ?? {};
  return Object.entries(policy).flatMap(([key, value]) => {
    const limit = declared[limits[key as keyof typeof limits]];
    const isLower = limit === undefined ? key in limits : Number(limit) < 0 || Number(value) < Number(limit);
    return deadly.has(key) || (key in limits && isLower) ? [`${key} ${String(value)}`] : [];
  });
}
