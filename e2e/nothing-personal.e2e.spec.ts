import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger, ticketCreatedSubscription } from '@turno/shared';
import { eventually, fetchOnce } from '@turno/testing';
import { ticketModel } from '@turno/ticketing';
import { giveUp } from './dead-letter.ts';
import { OtlpReceiver } from './otlp-receiver.ts';
import { serviceNames, System } from './system.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const marked = { id: 'marked77cust', id_type: 'D', id_number: 'MK44556677', phone: '+51911223344' };
/** Of the customer, of another phone, and of the SMS. */
const marks = /marked77cust|MK44556677|911223344|922334455|Su turno/i;
const tickets = '/customer/v1/tickets';
const events = ticketCreatedSubscription.queue.name;

const lines: string[] = [];
let collector: OtlpReceiver;
let provider: Server;
let system: System;
let mongo: Connection;

beforeAll(async () => {
  collector = await OtlpReceiver.listen();
  // Quotes what it was sent, as providers do.
  provider = createServer(
    (request, response) =>
      void request.on('data', (chunk: Buffer) => response.writeHead(400).end(`not taken: ${chunk.toString()}`)),
  );
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  system = await System.start('nothing-personal', {
    log: { write: (line) => void lines.push(line) },
    catalogue: (demo) => ({ ...demo, known_customers: [{ ...marked, language: 'es' as const, promotions: true }] }),
    variables: {
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/sms?to=51922334455`,
      SMS_WEBHOOK_SECRET: Buffer.alloc(32).toString('base64'),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
  });
  mongo = await connectMongo(system.mongoUrl, createLogger('spec', 'silent'));
});
afterAll(async () => {
  await mongo.close();
  await system.stop();
  await collector.close();
  provider.closeAllConnections();
  await once(provider.close(), 'close');
});

const logged = (text: string, count = 1): Promise<unknown> =>
  eventually(() => lines.filter((line) => line.includes(text)).length >= count);

const byDocument = { customer_id_type: marked.id_type, customer_id_number: marked.id_number };

/** Tickets by id and by document, a listing, a change: what an app sends on a good day. Their SMS are not taken. */
async function goodDay(): Promise<void> {
  const taken = await system.post({ ...place, ...byDocument }, { 'x-request-id': '+51922334455' });
  const { id } = (await taken.json()) as { id: string };
  const listed = await system.get(`${tickets}?${new URLSearchParams(byDocument).toString()}`);
  const changed = await system.send('PATCH', `${tickets}/${id}`, { phone: '+51922334455' });
  expect([taken.status, listed.status, changed.status]).toEqual([201, 200, 204]);
  await logged('the provider will never take the SMS');
}

/** Bodies that do not parse, phones where ids belong, callbacks that nobody signed. */
async function badRequests(): Promise<void> {
  const broken = await system.send('POST', tickets, `{"phone": "${marked.phone}", "customer_id": marked77cust`);
  const mistyped = await system.post({ ...place, phone: { of: marked.phone }, customer_id: [marked.id] });
  const unknown = await system.post({
    ...place,
    phone: '+51922334455',
    customer_id_type: 'D',
    customer_id_number: '922334455',
  });
  const inPath = await system.get(`/customer/v1/${encodeURIComponent(marked.phone)}/922334455`);
  const asId = await system.get(`${tickets}/51922334455`);
  expect([broken, mistyped, unknown, inPath, asId].map(({ status }) => status)).toEqual([400, 400, 400, 404, 404]);
  const callback = `${new URL(system.inboxUrl).origin}/callbacks/webhook?to=${encodeURIComponent(marked.phone)}`;
  await fetchOnce(callback, { method: 'POST', body: JSON.stringify({ key: marked.id, reason: marked.phone }) });
  await logged('refused a callback');
}

/** Keys that are there already: the database names them, and the driver carries the documents. */
async function refusedWrites(): Promise<void> {
  const { collection } = ticketModel(mongo);
  for (const field of ['holder', 'issued.phone']) {
    await collection.createIndex({ [field]: 1 }, { unique: true, sparse: true, name: 'of_the_spec' });
    const answer = await system.post({ ...place, customer_id: marked.id });
    expect(answer.status).toBe(500);
    await collection.dropIndex('of_the_spec');
  }
  await logged('E11000', 2);
}

async function poison(): Promise<void> {
  const body = `{"subject": "4gk20c9x1h7d", "data": {"phone": "${marked.phone}", "customer_id": "${marked.id}"`;
  const letters = [body, `${body}}}`, `{"${marked.phone}": "Su turno"}`].map((text, i) => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    return { messageId: `poison-${i}`, reason: 'none', body: text, traceparent };
  });
  await giveUp(system.amqpUrl, letters, events);
  await logged('dead-lettered a message', 3);
}

test('when all goes well and when it does not, then logs, metrics, traces and operations pages tell nothing of a person', async () => {
  await goodDay();
  await badRequests();
  await refusedWrites();
  await poison();
  await eventually(() => collector.spans.some(({ name }) => name === 'process notifications.ticket-created'));

  const pages = await Promise.all([
    ...serviceNames.flatMap((name) => [system.ops(name, '/metrics'), system.ops(name, '/readyz')]),
    system.ops('notifications', '/dead-letters'),
    system.ops('notifications', '/dead-letters/poison-0'),
    system.ops('gateway', '/console/figures'),
  ]);

  expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200));
  const told = await Promise.all(pages.map((page) => page.text()));
  expect(told.filter((text) => marks.test(text))).toEqual([]);
  expect(collector.spans.filter((span) => marks.test(JSON.stringify(span)))).toEqual([]);
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => marks.test(line))).toEqual([]);
});
