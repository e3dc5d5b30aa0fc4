import type { Isolated } from '@turno/devstack';
import type { Spawned } from '../processes/spawned.ts';

export const serviceNames = ['gateway', 'ticketing', 'notifications'] as const;
export type ServiceName = (typeof serviceNames)[number];
export type SystemName = 'turno' | 'floor';

/** Servers and addresses that a system is started with. */
export interface Surroundings {
  /** A vhost and a database of its own. */
  readonly servers: Isolated;
  /** Where the services reach the servers; other than {@link servers} where messages on the way are counted. */
  readonly via?: (service: ServiceName, server: 'broker' | 'database', url: string) => string;
  readonly providerUrl: string;
  /** For what the services print. */
  readonly logFolder: string;
  /** For `node`, before the service's script. */
  readonly nodeOptions?: readonly string[];
}

/** A running installation: three processes behind one API. */
export interface System {
  readonly name: SystemName;
  readonly apiUrl: string;
  readonly services: Readonly<Record<ServiceName, Spawned>>;
  /** From starting each process until it could serve, in milliseconds. */
  readonly startUpMs: Readonly<Record<ServiceName, number>>;
  readonly servers: Isolated;
  /** Where events wait. */
  readonly eventQueue: string;
  stop(): Promise<void>;
}

/** Asks the services to stop, the one that takes requests first. */
export async function stopServices({ gateway, ticketing, notifications }: System['services']): Promise<void> {
  for (const service of [gateway, ticketing, notifications]) await service.stop();
}
