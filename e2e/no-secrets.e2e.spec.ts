import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { turnoConfig } from '@turno/cli';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { gatewayConfig } from '@turno/gateway';
import { notificationsConfig } from '@turno/notifications';
import {
  BrokerConnection,
  createLogger,
  Publisher,
  readConfig,
  sampleEvent,
  ticketCreatedSubscription,
} from '@turno/shared';
import { eventually, fetchOnce } from '@turno/testing';
import { ticketingConfig } from '@turno/ticketing';
import { freePorts } from './free-ports.ts';
import { installDemo } from './installation.ts';
import { OtlpReceiver } from './otlp-receiver.ts';
import { WatchedProcess } from './watched-process.ts';

/** In every secret; whoever finds it has found one. */
const mark = 'marked-as-secret-0123456789abcdef';
/** Not secret, and clearer for being quoted. */
const quoted = new Set(['SMS_COUNTRIES', 'SMS_QUIET_HOURS']);
const schemas: Readonly<Record<string, Parameters<typeof readConfig>[0]>> = {
  gateway: gatewayConfig,
  ticketing: ticketingConfig,
  notifications: notificationsConfig,
  turno: turnoConfig,
};

let servers: Isolated;
let collector: OtlpReceiver;
/** A provider that fails, and says all that it was sent. */
let provider: Server;

beforeAll(async () => {
  servers = await isolateForTest('no-secrets');
  await installDemo(servers);
  collector = await OtlpReceiver.listen();
  provider = createServer((request, response) => {
    response.statusCode = 500;
    response.end(`${request.url} ${JSON.stringify(request.headers)}`);
  });
  await once(provider.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await collector.close();
  provider.closeAllConnections();
  provider.close();
  await servers.dispose();
});

/** The address with the mark for its password. */
function marked(url: string): string {
  const address = new URL(url);
  [address.username, address.password] = ['somebody', mark];
  return address.href;
}

const secrets = () => ({
  LOG_LEVEL: 'trace',
  OPS_TOKEN: mark,
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${mark}`,
  OTEL_BSP_SCHEDULE_DELAY: '50',
  TWILIO_AUTH_TOKEN: mark,
  AWS_SECRET_ACCESS_KEY: mark,
  AWS_SESSION_TOKEN: mark,
  VONAGE_API_SECRET: mark,
  VONAGE_SIGNATURE_SECRET: mark,
});

/** What an operations server tells everybody, and who has asked for more without the token. */
async function toldBy(opsPort: number): Promise<string> {
  const paths = ['/metrics', '/readyz', '/log-level', '/console/figures', '/dead-letters', '/nothing'];
  const answers = paths.map(async (path) => (await fetchOnce(`http://127.0.0.1:${opsPort}${path}`)).text());
  return (await Promise.all(answers)).join('\n');
}

describe('when the configuration is wrong', () => {
  test.each(Object.keys(schemas))('then %s names each variable, and tells no value of any', (name) => {
    const schema = schemas[name]!;
    for (const variable of Object.keys(schema.shape).filter((each) => !quoted.has(each))) {
      for (const value of [
        mark,
        `http://user:${mark}@host:99999/`,
        `amqp://user:${mark}@ho st`,
        `mongodb://u:${mark}@`,
      ]) {
        const told = failureOf(() => readConfig(schema, { [variable]: value }));
        expect({ variable, tells: told.includes(mark) }).toEqual({ variable, tells: false });
      }
    }
  });

  test('then the process that ends with it says as little', async () => {
    const AMQP_URL = `http://user:${mark}@127.0.0.1`;
    const gateway = new WatchedProcess(['services/gateway/src/start.ts'], { ...secrets(), AMQP_URL });

    expect(await gateway.ended()).toBe(1);
    expect(gateway.said).toContain('AMQP_URL is wrong');
    expect(gateway.said).not.toContain(mark);
  });
});

describe('when servers refuse, or are away', () => {
  test('then the gateway tells neither password nor token, in logs, metrics and the list of processes', async () => {
    const [api, ops] = (await freePorts(2)) as [number, number];
    const gateway = new WatchedProcess(['services/gateway/src/start.ts'], {
      ...secrets(),
      AMQP_URL: marked(servers.amqpUrl),
      GATEWAY_PORT: String(api),
      GATEWAY_OPS_PORT: String(ops),
    });
    await gateway.says(/the broker is away[^\n]*|"reason":"[^"]*ACCESS.REFUSED/);
    await gateway.says(/the gateway has started/);
    const ticket = { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${mark}` } };
    const answer = await fetchOnce(`http://127.0.0.1:${api}/customer/v1/tickets?key=1`, { ...ticket, body: '{}' });
    const told = (await answer.text()) + (await toldBy(ops));
    await gateway.ended({ signal: 'SIGTERM' });

    expect(gateway.said).not.toContain(mark);
    expect(told).not.toContain(mark);
  });

  test.each([
    ['refuses the password', () => marked(servers.mongoUrl)],
    ['is no address', () => `mongodb://somebody:${mark}@a b:c/%zz`],
  ])('then ticketing, whose database %s, does not tell its password', async (_what, url) => {
    const ticketing = new WatchedProcess(['services/ticketing/src/start.ts'], {
      ...secrets(),
      AMQP_URL: marked(servers.amqpUrl),
      TICKETING_MONGO_URL: url(),
      TICKETING_OPS_PORT: '0',
    });
    await ticketing.says(/away|Error|wrong/);
    await ticketing.ended({ signal: 'SIGTERM' });

    expect(ticketing.said).not.toContain(mark);
  });

  test('then turno doctor names what to set, and no secret', async () => {
    const doctor = new WatchedProcess(['packages/cli/src/turno.ts', 'doctor', '--no-provider'], {
      ...secrets(),
      AMQP_URL: marked(servers.amqpUrl),
      AMQP_MANAGEMENT_URL: marked('http://127.0.0.1:1'),
      TICKETING_MONGO_URL: marked('mongodb://127.0.0.1:1/db'),
      NOTIFICATIONS_MONGO_URL: `mongodb://somebody:${mark}@/`,
    });

    expect(await doctor.ended()).toBe(1);
    expect(doctor.said).toContain('refuses the user somebody');
    expect(doctor.said).not.toContain(mark);
  });
});

test('when a provider fails and says what it was sent, then notifications tells no secret, in logs, metrics and traces', async () => {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const notifications = new WatchedProcess(['services/notifications/src/start.ts'], {
    ...secrets(),
    AMQP_URL: servers.amqpUrl,
    NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
    NOTIFICATIONS_PORT: String(port),
    NOTIFICATIONS_OPS_PORT: String(ops),
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/?key=${mark}`,
    SMS_WEBHOOK_SECRET: `whsec_${Buffer.from(mark).toString('base64')}`,
  });
  await notifications.says(/notifications has started/);
  await publishEvent();
  await eventually(() => collector.spans.some(({ service }) => service === 'notifications'), 20_000);
  const told = await toldBy(ops);
  await notifications.ended({ signal: 'SIGTERM' });

  for (const text of [notifications.said, told, JSON.stringify(collector.spans)]) {
    expect(text).not.toContain(mark);
    expect(text).not.toContain(Buffer.from(mark).toString('base64'));
  }
});

async function publishEvent(): Promise<void> {
  const logger = createLogger('e2e', 'silent');
  const connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'e2e', logger });
  const publisher = new Publisher({ connection });
  await publisher.ready();
  const { exchange, routingKey } = ticketCreatedSubscription;
  const body = Buffer.from(JSON.stringify(sampleEvent));
  const properties = { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } };
  await publisher.publish({ exchange: exchange.name, routingKey, body, properties });
  await publisher.close();
  await connection.close();
}

function failureOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return String((error as Error).stack);
  }
}
