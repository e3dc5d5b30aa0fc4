// `npm start`: the whole system in the foreground, with demo data. Ctrl-C takes it all down.
import { join } from 'node:path';
import { startStack } from '@turno/devstack';
import { chooseAddresses } from './start/addresses.ts';
import { banner } from './start/banner.ts';
import { noLimits } from './start/no-limits.ts';
import { runToEnd, ServiceProcess } from './start/service-process.ts';

const say = (line: string): void => console.log(line);

async function start(): Promise<void> {
  const addresses = await chooseAddresses(process.env, say);
  const stack = await startStack({ name: 'start', keepData: true });
  const env = {
    AMQP_URL: stack.amqpUrl,
    TICKETING_MONGO_URL: `${stack.mongoUrl}/turno_ticketing`,
    NOTIFICATIONS_MONGO_URL: `${stack.mongoUrl}/turno_notifications`,
    SMS_PROVIDER: 'inbox',
    // A newcomer's first request is to need no key.
    AUTH: 'none',
    ...noLimits,
    INBOX_GATEWAY_URL: addresses.api,
    // What was compiled is kept for the next start, which then takes half the time to load.
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/node'),
    ...addresses.env,
    ...process.env,
  };
  const services = ['ticketing', 'notifications', 'gateway'].map((name) => new ServiceProcess(name, env, say));
  stopOnSignals(async () => {
    // The gateway first: what it has accepted is finished by the others.
    for (const service of services.toReversed()) await service.stop();
    await stack.stop();
    say('Everything is down.');
  });

  await runToEnd('packages/cli/src/turno.ts', ['migrate'], env);
  await runToEnd('packages/cli/src/turno.ts', ['catalogue', 'import', '--yes', 'catalogue/demo.yaml'], env);
  for (const service of services) service.start();
  await Promise.all(addresses.readiness.map(becomesReady));
  // The demo's congested branch is congested by people who wait.
  await runToEnd('packages/cli/src/turno.ts', ['seed', '44c9', '--api', addresses.api], env);
  say(banner(addresses, stack.managementUrl));
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('\nStopping …');
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

async function becomesReady(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
