// `npm run attack`: a scripted attacker against a whole installation, and what became of it.
import { parseArgs } from 'node:util';
import { isolate, startStack } from '@turno/devstack';
import { runAttack, type AttackVerdict } from './attacker/run-attack.ts';
import type { Asked } from './attacker/well-behaved-caller.ts';

const usage = `Attacks a whole installation, in production mode, beside a well-behaved caller, and judges it.

  npm run attack [-- --requests 100000] [--rate 300] [--seed 1] [--calm 30] [--json]

  --requests  how many the attacker sends
  --rate      how many of them a second
  --seed      the same seed makes the same attacks, in the same order
  --calm      seconds for which the well-behaved caller is alone first, to compare with
  --json      prints the verdict as one JSON object

It starts its own broker and database. Ends with 1 when any answer is a 5xx or says what is none of the attacker's business, when
an impostor is let in, when a line of a log is forged or says a secret or a phone, when a service ends or holds too much memory, when
the well-behaved caller is refused, waits noticeably longer or goes without an SMS, or when an SMS says what the attacker wants.`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    calm: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** What a caller would not notice: more of the median than this, in milliseconds, or of what one in a hundred waits. */
const noticedMs = { p50: 5, p99: 50 };

function percentile(asked: readonly Asked[], share: number): number {
  const sorted = asked.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function latencyOf(asked: readonly Asked[]) {
  return {
    p50: percentile(asked, 0.5),
    p99: percentile(asked, 0.99),
    longest: percentile(asked, 1),
    count: asked.length,
  };
}

function latencies({ calm, beside }: AttackVerdict) {
  return { calm: latencyOf(calm), beside: latencyOf(beside) };
}

function tell(verdict: AttackVerdict, slowdown: readonly string[]): void {
  const { assault, memory, logLines, findings } = verdict;
  const rows = Object.entries(assault.sent).map(([kind, sent]) => [kind, { sent, ...assault.answers[kind] }]);
  console.table(Object.fromEntries(rows));
  const { calm, beside } = latencies(verdict);
  const ms = ({ p50, p99, longest, count }: typeof calm) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, the longest ${longest.toFixed(0)} ms (${count} tickets)`;
  console.log(
    `the attacker sent ${Math.round(assault.rate)} requests a second, and got ${assault.tickets.size} tickets`,
  );
  console.log(`the well-behaved caller alone: ${ms(calm)}`);
  console.log(`and beside the attacker: ${ms(beside)}`);
  for (const [name, [before, most]] of Object.entries(memory))
    console.log(`${name} held ${before} MB before, ${most} MB at most`);
  console.log(
    `lines of the logs: ${Object.entries(logLines)
      .map((pair) => pair.join(' '))
      .join(', ')}`,
  );
  for (const finding of [...findings, ...slowdown]) console.log(`FOUND ${finding}`);
  console.log(
    findings.length + slowdown.length === 0 ? 'Nothing was found.' : `${findings.length + slowdown.length} findings.`,
  );
}

if (values.help) console.log(usage);
else {
  const stack = await startStack({ name: 'attack', keepData: false });
  const servers = await isolate(stack, 'attack');
  const verdict = await runAttack(servers, {
    requests: Number(values.requests),
    rate: Number(values.rate),
    seed: Number(values.seed),
    calmMs: Number(values.calm) * 1_000,
    callerRate: 5,
    waitsForSlow: true,
  });
  await servers.dispose();
  await stack.stop();
  const { calm, beside } = latencies(verdict);
  const slowdown = (['p50', 'p99'] as const)
    .filter((which) => beside[which] - calm[which] > noticedMs[which])
    .map(
      (which) =>
        `the well-behaved caller's ${which} went from ${calm[which].toFixed(1)} to ${beside[which].toFixed(1)} ms`,
    );
  if (values.json) {
    const { assault, memory, logLines, findings } = verdict;
    const { tickets, ...sent } = assault;
    const all = {
      ...sent,
      tickets: tickets.size,
      latencies: { calm, beside },
      memory,
      logLines,
      findings: [...findings, ...slowdown],
    };
    console.log(JSON.stringify(all));
  } else tell(verdict, slowdown);
  process.exitCode = verdict.findings.length + slowdown.length === 0 ? 0 : 1;
}
