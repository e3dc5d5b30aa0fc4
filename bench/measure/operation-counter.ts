import { serviceNames, type ServiceName } from '../systems/system.ts';
import { CountingLink } from './counting-link.ts';
import { amqpProtocol, mongoProtocol } from './protocols.ts';

/** Operations by their names. */
export type Counts = Readonly<Record<string, number>>;
/** What each service asked of each server. */
export type Operations = Readonly<Record<ServiceName, { readonly broker: Counts; readonly database: Counts }>>;

type Links = Readonly<Record<ServiceName, { readonly broker: CountingLink; readonly database: CountingLink }>>;

/** Counts what services ask of the broker and the database: a link for each to each. */
export class OperationCounter {
  readonly #links: Links;

  private constructor(links: Links) {
    this.#links = links;
  }

  static async between(servers: { amqpUrl: string; mongoUrl: string }): Promise<OperationCounter> {
    const links = serviceNames.map(async (service) => {
      const broker = await CountingLink.to(servers.amqpUrl, amqpProtocol);
      return [service, { broker, database: await CountingLink.to(servers.mongoUrl, mongoProtocol) }] as const;
    });
    return new OperationCounter(Object.fromEntries(await Promise.all(links)) as unknown as Links);
  }

  /** Where a service reaches a server so that it is counted. */
  readonly via = (service: ServiceName, server: 'broker' | 'database', url: string): string =>
    this.#links[service][server].urlFor(url);

  /** Until now. */
  get operations(): Operations {
    const counts = Object.entries(this.#links).map(([service, { broker, database }]) => [
      service,
      { broker: Object.fromEntries(broker.counts), database: Object.fromEntries(database.counts) },
    ]);
    return Object.fromEntries(counts) as Operations;
  }

  async close(): Promise<void> {
    for (const { broker, database } of Object.values(this.#links)) {
      await broker.close();
      await database.close();
    }
  }
}

/** What was asked in between, by ticket. */
export function perTicket(before: Operations, after: Operations, tickets: number): Operations {
  const less = (from: Counts, to: Counts): Counts =>
    Object.fromEntries(Object.entries(to).map(([name, count]) => [name, (count - (from[name] ?? 0)) / tickets]));
  const services = serviceNames.map((service) => {
    const { broker, database } = after[service];
    return [
      service,
      { broker: less(before[service].broker, broker), database: less(before[service].database, database) },
    ];
  });
  return Object.fromEntries(services) as Operations;
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
