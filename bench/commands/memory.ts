import { setTimeout as pause } from 'node:timers/promises';
import { usages } from '../measure/processes.ts';
import { drain } from '../measure/slice.ts';
import { atMost, boundsTable } from '../report/bounds.ts';
import { describeMachine, machineInWords, type Machine } from '../report/machine.ts';
import { markdownTable, rounded } from '../report/markdown.ts';
import { Stage } from '../stage.ts';
import { serviceNames, type System } from '../systems/system.ts';

export interface MemoryOptions {
  readonly tickets: number;
  readonly connections: number;
  readonly loadBefore: number;
  readonly say: (line: string) => void;
}

interface Held {
  readonly tickets: number;
  /** Resident, in MB, by service: once the tickets were done. */
  readonly atEnd: Readonly<Record<string, number>>;
  /** The most while they were made. */
  readonly most: Readonly<Record<string, number>>;
}

export interface MemoryResult {
  readonly machine: Machine;
  readonly takenAt: string;
  readonly held: readonly Held[];
}

const steps = 10;
const longestMs = 30 * 60_000;
const lookEveryMs = 500;

/** What the services hold of memory while so many tickets are made. */
export async function runMemory({ tickets, connections, loadBefore, say }: MemoryOptions): Promise<MemoryResult> {
  const stage = await Stage.open();
  try {
    const system = await stage.start('turno', 'memory');
    const held: Held[] = [];
    for (let step = 1; step <= steps; step++) {
      const watch = watchMemory(stage, system);
      const order = {
        scenario: 'spread',
        withPhones: true,
        warmUpMs: 0,
        measureMs: longestMs,
        tickets: tickets / steps,
      } as const;
      const result = await stage.load(system, { ...order, loop: { kind: 'closed', connections } });
      await drain(stage, system, result, true);
      held.push({
        tickets: (held.at(-1)?.tickets ?? 0) + result.created,
        atEnd: memoryOf(stage, system),
        most: watch.end(),
      });
      say(`${held.at(-1)!.tickets} tickets: ${JSON.stringify(held.at(-1)!.atEnd)} MB`);
    }
    await stage.end(system);
    return { machine: describeMachine(stage.stack, loadBefore), takenAt: new Date().toISOString(), held };
  } finally {
    await stage.close();
  }
}

function memoryOf(stage: Stage, system: System): Record<string, number> {
  const used = usages(stage.purposes(system));
  return Object.fromEntries(serviceNames.map((service) => [service, Math.round(used.get(service)?.rssMb ?? NaN)]));
}

function watchMemory(stage: Stage, system: System): { end(): Record<string, number> } {
  const most: Record<string, number> = {};
  const look = (): void => {
    for (const [service, mb] of Object.entries(memoryOf(stage, system)))
      most[service] = Math.max(mb, most[service] ?? 0);
  };
  const watching = new AbortController();
  void (async () => {
    for (; !watching.signal.aborted; await pause(lookEveryMs)) look();
  })();
  return { end: () => (watching.abort(), look(), most) };
}

export function memoryReport({ machine, takenAt, held }: MemoryResult): string {
  const rows = held.map(({ tickets, atEnd, most }) => [
    String(tickets),
    ...serviceNames.map((service) => `${rounded(atEnd[service]!)}, at most ${rounded(most[service]!)}`),
  ]);
  const last = held.at(-1)!;
  const bounds = serviceNames.map((of) =>
    atMost(`RSS of ${of} after ${last.tickets} tickets`, 160, last.atEnd[of]!, ' MB'),
  );
  return [
    `${takenAt}: ${machineInWords(machine)}.`,
    markdownTable(['tickets', ...serviceNames.map((service) => `${service}, MB`)], rows),
    boundsTable(bounds),
  ].join('\n\n');
}
