import { startStack, type Stack } from '@turno/devstack';

declare global {
  /** Started for the first tier of a run that needs servers, shared by the rest. */
  var turnoTestStack: Stack | undefined;
}

/** Jest's global set-up for the tiers that run on real servers. */
// Jest takes the default export.
// oxlint-disable-next-line import/no-default-export
export default async function serversUp(): Promise<void> {
  if (globalThis.turnoTestStack) return;
  const stack = await startStack({ name: 'test', keepData: false, redis: true });
  globalThis.turnoTestStack = stack;
  process.env['TURNO_TEST_AMQP_URL'] = stack.amqpUrl;
  process.env['TURNO_TEST_MANAGEMENT_URL'] = stack.managementUrl;
  process.env['TURNO_TEST_MONGO_URL'] = stack.mongoUrl;
  if (stack.redisUrl !== undefined) process.env['TURNO_TEST_REDIS_URL'] = stack.redisUrl;
}
