import type { Handler } from './command.ts';

const version = '8.0.0';
/** Wire version of MongoDB 8.0. */
const maxWireVersion = 25;
const startedAt = Date.now();

/** A standalone server: drivers then use neither transactions nor retryable writes nor change streams, which are not here. */
const hello: Handler = () => ({
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  // DocumentDB's limit, below MongoDB's 100,000; drivers split longer batches.
  maxWriteBatchSize: 25_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  connectionId: 1,
  minWireVersion: 0,
  maxWireVersion,
  readOnly: false,
  ok: 1,
});

const fine: Handler = () => ({ ok: 1 });

/** Commands answered here, by their name in lower case. */
export const serverInformation: Readonly<Record<string, Handler>> = {
  hello,
  ismaster: hello,
  ping: fine,
  endsessions: fine,
  refreshsessions: fine,
  connectionstatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  buildinfo: () => ({
    version,
    versionArray: [8, 0, 0, 0],
    gitVersion: 'DocumentDB',
    modules: [],
    maxBsonObjectSize: 16_777_216,
    ok: 1,
  }),
  getparameter: () => ({ featureCompatibilityVersion: { version: '8.0' }, ok: 1 }),
  serverstatus: () => {
    const uptime = Math.round((Date.now() - startedAt) / 1000);
    return { host: '127.0.0.1', version, process: 'mongod', pid: process.pid, uptime, localTime: new Date(), ok: 1 };
  },
};
