import { copyFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readBrokerAddress, readDatabaseAddress } from '@turno/cli';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectOnce } from '@turno/mongo';
import { BrokerConnection, createLogger, inspectBroker } from '@turno/shared';
import { eventually, TestAuthority, TlsLink, type Certified } from '@turno/testing';

const logger = createLogger('spec', 'silent');

let servers: Isolated;
let ours: TestAuthority;
let theirs: TestAuthority;
let server: Certified;
let broker: TlsLink;
let database: TlsLink;
let connection: BrokerConnection | undefined;

beforeAll(async () => {
  servers = await isolateForTest('tls');
  [ours, theirs] = [new TestAuthority('ours'), new TestAuthority('theirs')];
  server = ours.certify('localhost');
  broker = await TlsLink.to(servers.amqpUrl, server);
  database = await TlsLink.to(servers.mongoUrl, server);
});
afterEach(async () => {
  await connection?.close();
  connection = undefined;
});
afterAll(async () => {
  await Promise.all([broker.close(), database.close()]);
  for (const authority of [ours, theirs]) authority.dispose();
  await servers.dispose();
});

/** As the services and `turno` read it. */
function addressOver(link: TlsLink, variables: NodeJS.ProcessEnv, host = 'localhost'): string {
  return readBrokerAddress({ AMQP_URL: link.urlFor(servers.amqpUrl, host), ...variables });
}

/** Connects once, as doctor does: what is refused is refused at once. */
async function lookAtBroker(link: TlsLink, variables: NodeJS.ProcessEnv, host?: string): Promise<string> {
  const url = addressOver(link, variables, host);
  return (await inspectBroker({ url, queues: [], exchanges: [] })).product;
}

async function connectBroker(link: TlsLink, variables: NodeJS.ProcessEnv): Promise<void> {
  connection = await BrokerConnection.open({ url: addressOver(link, variables), name: 'spec', logger });
  await connection.up();
}

async function pingDatabase(variables: NodeJS.ProcessEnv, host = 'localhost'): Promise<unknown> {
  const url = readDatabaseAddress('URL', { URL: database.urlFor(servers.mongoUrl, host), ...variables });
  const mongo = await connectOnce(url);
  try {
    return await mongo.db!.command({ ping: 1 });
  } finally {
    await mongo.close();
  }
}

describe('the broker over TLS', () => {
  test('when its certificate is of the authority that is named, then services and doctor connect', async () => {
    await connectBroker(broker, { AMQP_CA_FILE: ours.caFile });

    expect(await lookAtBroker(broker, { AMQP_CA_FILE: ours.caFile })).toBe('RabbitMQ');
  });

  test('when it is of another authority, or of nobody known, then there is no connection, and it says why', async () => {
    await expect(lookAtBroker(broker, { AMQP_CA_FILE: theirs.caFile })).rejects.toThrow(/certificate|issuer/i);
    await expect(lookAtBroker(broker, {})).rejects.toThrow(/certificate|issuer/i);
  });

  test('when it is for another name, then there is no connection, and it says which', async () => {
    const looked = lookAtBroker(broker, { AMQP_CA_FILE: ours.caFile }, '127.0.0.1');

    await expect(looked).rejects.toThrow(/does not match certificate/);
  });

  test('when it wants a certificate of its clients, then one that it trusts is let in, and no other', async () => {
    const strict = await TlsLink.to(servers.amqpUrl, { ...server, ca: ours.ca, requestCert: true });
    const as = (client: Certified) => ({
      AMQP_CA_FILE: ours.caFile,
      AMQP_CERT_FILE: client.certFile,
      AMQP_KEY_FILE: client.keyFile,
    });

    await expect(lookAtBroker(strict, { AMQP_CA_FILE: ours.caFile })).rejects.toThrow(
      /ECONN|closed|socket|certificate/i,
    );
    await expect(lookAtBroker(strict, as(theirs.certify('gateway')))).rejects.toThrow(
      /ECONN|closed|socket|certificate/i,
    );
    expect(await lookAtBroker(strict, as(ours.certify('gateway')))).toBe('RabbitMQ');
    await strict.close();
  });

  test('when server and authority are replaced while it runs, then the next connection trusts the new one', async () => {
    const rotated = new TestAuthority('rotated');
    const moving = await TlsLink.to(servers.amqpUrl, server);
    const caFile = `${rotated.caFile}.in-use`;
    copyFileSync(ours.caFile, caFile);
    await connectBroker(moving, { AMQP_CA_FILE: caFile });

    copyFileSync(rotated.caFile, caFile);
    moving.renew(rotated.certify('localhost'));

    const isBack = await eventually(() => moving.handshakes === 2 && connection?.model !== undefined);
    expect(isBack).toBe(true);
    await connection?.close();
    await moving.close();
    rotated.dispose();
  });
});

describe('the database over TLS', () => {
  test('when its certificate is of the authority that is named, then it answers', async () => {
    expect(await pingDatabase({ MONGO_CA_FILE: ours.caFile })).toMatchObject({ ok: 1 });
  });

  test('when it is of another authority, or for another name, then there is no connection, and it says why', async () => {
    await expect(pingDatabase({ MONGO_CA_FILE: theirs.caFile })).rejects.toThrow(/certificate|issuer/i);
    await expect(pingDatabase({ MONGO_CA_FILE: ours.caFile }, '127.0.0.1')).rejects.toThrow(/does not match/);
  });
});
