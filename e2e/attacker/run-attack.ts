import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Isolated } from '@turno/devstack';
import { eventually } from '@turno/testing';
import { Webhook } from 'standardwebhooks';
import { ask } from '../../bench/processes/questions.ts';
import { Spawned } from '../../bench/processes/spawned.ts';
import type { SmsReceiver } from '../faults/sms-receiver.ts';
import { attackersPhones, type Overheard } from './attack.ts';
import { AttackedSystem, type ServiceName } from './attacked-system.ts';
import type { Assault, AssaultReport } from './attacker.ts';
import { judgeLog } from './judge-logs.ts';
import { wrongWithTexts } from './judge-texts.ts';
import { customersPhones, WellBehavedCaller, type Asked } from './well-behaved-caller.ts';

export interface AttackOptions {
  readonly requests: number;
  /** Requests a second of the attacker's. */
  readonly rate: number;
  readonly seed: number;
  /** How long the well-behaved caller is alone first, in milliseconds. */
  readonly calmMs: number;
  /** Tickets a second of the well-behaved caller's. */
  readonly callerRate: number;
  readonly waitsForSlow: boolean;
}

export interface AttackVerdict {
  readonly assault: AssaultReport;
  readonly calm: readonly Asked[];
  readonly beside: readonly Asked[];
  /** Megabytes: before, and at most. */
  readonly memory: Readonly<Record<ServiceName, readonly [before: number, most: number]>>;
  readonly logLines: Readonly<Record<ServiceName, number>>;
  /** Everything that is not as it must be, one line each; times are not among it. */
  readonly findings: readonly string[];
}

/** A callback is refused when it is older than five minutes. */
const callbackAgeMs = 6 * 60_000;
/** V8 may hold 256 MB of heap, as in the images. */
const mayHoldMb = 400;
const drainedWithinMs = 120_000;

/** Attacks a whole installation on these servers beside a well-behaved caller, and judges it. */
export async function runAttack(servers: Isolated, options: AttackOptions): Promise<AttackVerdict> {
  const folder = await mkdtemp(join(tmpdir(), 'turno-attack-'));
  const system = await AttackedSystem.start(servers, folder);
  const attacker = new Spawned('attacker', {
    args: [join(import.meta.dirname, 'attacker.ts')],
    env: {},
    logFile: join(folder, 'attacker.log'),
    talks: true,
  });
  await attacker.message();
  try {
    const phases = await runPhases(system, attacker, options);
    await system.stop();
    const logs = await judgeLogs(system);
    const { findings, ...rest } = phases;
    return { ...rest, logLines: logs.lines, findings: [...findings, ...logs.findings] };
  } finally {
    await attacker.stop();
    await system.stop();
    await rm(folder, { recursive: true });
  }
}

async function runPhases(system: AttackedSystem, attacker: Spawned, options: AttackOptions) {
  const { ports, receiver, secrets, access } = system;
  const caller = new WellBehavedCaller(ports.gateway, access.keyOfTheOthers, options.callerRate);
  const calm = await caller.askUntil(pause(options.calmMs));
  const before = system.memory();
  const assault = ask<AssaultReport>(attacker, {
    ports,
    requests: options.requests,
    rate: options.rate,
    seed: options.seed,
    overheard: {
      callback: overheardCallback(receiver.secret),
      ...(await access.overheard()),
      ticketIds: calm.flatMap(({ answer }) => ('id' in answer ? [answer.id] : [])),
    },
    secrets: { texts: secrets, othersPhones: customersPhones },
    waitsForSlow: options.waitsForSlow,
  } satisfies Assault);
  const memory = watchMemory(system, before, assault);
  const beside = await caller.askUntil(assault);
  const report = await assault;
  await eventually(() => haveTheirTexts(caller.asked, receiver), drainedWithinMs, 200).catch(() => undefined);
  const { held, ended } = await memory;
  const findings = [
    ...ended,
    ...report.findings,
    ...refusalsOf(caller.asked),
    ...wrongWithTexts(receiver.texts, caller.asked, report.tickets),
    ...Object.entries(held).flatMap(([name, [, most]]) =>
      most > mayHoldMb ? [`${name} came to hold ${most} MB`] : [],
    ),
  ];
  return { assault: report, calm, beside, memory: held, findings };
}

/** What the well-behaved caller got instead of tickets, the first few. */
function refusalsOf(asked: readonly Asked[]): string[] {
  return asked
    .flatMap(({ answer }) => ('instead' in answer ? [`the well-behaved caller got ${answer.instead}`] : []))
    .slice(0, 10);
}

/** The attacker's are another matter: most of its numbers are more alike than is paid for. */
function haveTheirTexts(asked: readonly Asked[], { texts }: SmsReceiver): boolean {
  const texted = new Set(texts.map(({ ticketId }) => ticketId));
  return asked.every(({ answer }) => !('id' in answer) || texted.has(answer.id));
}

function overheardCallback(secret: string): Overheard['callback'] {
  const body = JSON.stringify({ key: 'overheard.created', state: 'DELIVERED' });
  const at = new Date(Date.now() - callbackAgeMs);
  const headers = {
    'webhook-id': 'overheard',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign('overheard', at, body),
  };
  return { headers, body };
}

/** Looks every half second what each service holds, until the assault is over; and whether each is still there. */
async function watchMemory(
  system: AttackedSystem,
  before: Readonly<Record<ServiceName, number>>,
  assault: Promise<unknown>,
) {
  const most = { ...before };
  const ended = new Set<string>();
  const over = new AbortController();
  const isOver = assault.finally(() => over.abort());
  while (!over.signal.aborted) {
    try {
      for (const [name, held] of entriesOf(system.memory())) most[name] = Math.max(most[name], held);
    } catch (error) {
      ended.add((error as Error).message);
    }
    await pause(500);
  }
  await isOver;
  const held = entriesOf(before).map(([name, megabytes]) => [name, [megabytes, most[name]]] as const);
  return { held: Object.fromEntries(held) as AttackVerdict['memory'], ended: [...ended] };
}

function entriesOf(memory: Readonly<Record<ServiceName, number>>): [ServiceName, number][] {
  return Object.entries(memory) as [ServiceName, number][];
}

async function judgeLogs(system: AttackedSystem) {
  const judge = (service: ServiceName) =>
    judgeLog(system.logFileOf(service), service, {
      secrets: system.secrets,
      phones: [customersPhones, attackersPhones],
    });
  const [gateway, ticketing, notifications] = await Promise.all([
    judge('gateway'),
    judge('ticketing'),
    judge('notifications'),
  ]);
  return {
    lines: { gateway: gateway.lines, ticketing: ticketing.lines, notifications: notifications.lines },
    findings: [gateway, ticketing, notifications].flatMap(({ findings }) => findings),
  };
}
