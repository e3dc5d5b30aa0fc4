import { join } from 'node:path';
import { freePorts } from '../../e2e/free-ports.ts';
import { eventQueue } from '../floor/names.ts';
import { Spawned } from '../processes/spawned.ts';
import { stopServices, type ServiceName, type Surroundings, type System } from './system.ts';

/**
 * Starts the floor: the same flow written by hand on the same drivers, without validation, breaker, logging, outbox or
 * anything else that Turno does for its keep.
 */
export async function startFloor(surroundings: Surroundings): Promise<System> {
  const { servers, via = (_service, _server, url) => url, providerUrl, logFolder, nodeOptions = [] } = surroundings;
  const [port] = await freePorts(1);
  const startUpMs: Partial<Record<ServiceName, number>> = {};
  const start = async (service: ServiceName): Promise<Spawned> => {
    const startedAt = performance.now();
    const process = new Spawned(`floor ${service}`, {
      args: [...nodeOptions, join('bench/floor', `${service}.ts`)],
      env: {
        NODE_ENV: 'production',
        AMQP_URL: via(service, 'broker', servers.amqpUrl),
        FLOOR_MONGO_URL: via(service, 'database', servers.mongoUrl),
        FLOOR_PORT: String(port),
        FLOOR_PROVIDER_URL: providerUrl,
      },
      logFile: join(logFolder, `floor-${service}.log`),
      talks: true,
    });
    await process.message();
    startUpMs[service] = performance.now() - startedAt;
    return process;
  };
  // Ticketing first: it declares the queues.
  const [ticketing, notifications, gateway] = [
    await start('ticketing'),
    await start('notifications'),
    await start('gateway'),
  ];
  const services = { gateway, ticketing, notifications };
  return {
    name: 'floor',
    apiUrl: `http://127.0.0.1:${port}`,
    services,
    startUpMs: startUpMs as System['startUpMs'],
    servers,
    eventQueue,
    stop: () => stopServices(services),
  };
}
