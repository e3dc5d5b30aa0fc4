import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { eventually } from '@turno/testing';
import { System } from './system.ts';

const request = {
  branch_id: '27b6',
  sector_id: 's8',
  service_id: '7b6',
  channel: 'mobile',
  customer_id: 'a9087s902m',
};

const golden = {
  queue: 'T',
  number: 2,
  channel: 'mobile',
  status: 'BLOCKED',
  low_estimated_time: '10',
  high_estimated_time: '15',
  phone: '+51987776576',
  messages: ['We have a promotion for you!'],
  branch: {
    id: '27b6',
    name: 'Hiper Central',
    short_name: 'Hiper',
    code: 'AG001',
    address: 'Calle Beta 181 - 195, Callao',
    latitude: -12.049919,
    longitude: -77.0845193,
    status: 'OPEN',
    opening_time: '2017-02-20T14:00:00.000Z',
    closing_time: '2017-02-20T23:00:00.000Z',
    congestion_level: 'MEDIUM',
  },
  sector: { id: 's8', name: 'Tower A', short_name: 'A', status: 'OPEN' },
  service: { id: '7b6', name: 'Plataforma', short_name: 'Plataforma' },
  created_at: '2017-02-20T10:00:00.000Z',
  updated_at: '2017-02-20T10:00:00.000Z',
};

let system: System;

beforeAll(async () => {
  system = await System.start('golden', { clock: () => new Date('2017-02-20T10:00:00.000Z') });
  await system.post(request);
});
afterAll(() => system.stop());

test('when the second ticket of the queue is taken, then the answer is the golden case, field by field and in its order', async () => {
  const answer = await system.post(request);

  const body = await answer.text();
  const { id, ...ticket } = JSON.parse(body) as { id: string };
  expect(answer.status).toBe(201);
  expect(ticket).toEqual(golden);
  expect(id).toMatch(/^[0-9a-z]{16}$/);
  expect(body).toBe(JSON.stringify({ id, ...golden }));

  await eventually(async () => (await system.inbox()).some(({ ticket_id }) => ticket_id === id));
  const sms = (await system.inbox()).find(({ ticket_id }) => ticket_id === id);
  expect(sms).toMatchObject({ to: '+51987776576', segments: 1, sent_at: '2017-02-20T10:00:00.000Z' });
  expect(sms?.text).toBe(
    'Su turno es T2 en Hiper Central, Tower A, Plataforma. Abre a las 9:00. Espera estimada: 10-15 min. ' +
      'We have a promotion for you!',
  );
});

/** As a provider's callback leaves it. */
async function sayStop(mongo: Connection, phone: string): Promise<void> {
  const since = new Date();
  const consent = { _id: phone, allowed: false, since, untoldSince: since };
  await mongo.collection<typeof consent>('promotion_consents').insertOne(consent);
}

test('when the phone says STOP, then the customer directory has it, and the next SMS is the turn alone', async () => {
  const mongo = await connectMongo(system.mongoUrl, createLogger('e2e', 'silent'));
  await sayStop(mongo, golden.phone);

  const customers = mongo.collection<{ _id: string }>('customers');
  await eventually(() => customers.findOne({ _id: request.customer_id, promotionsAllowed: false }));
  const { id } = (await (await system.post(request)).json()) as { id: string };
  await eventually(async () => (await system.inbox()).some(({ ticket_id }) => ticket_id === id));

  const sms = (await system.inbox()).find(({ ticket_id }) => ticket_id === id);
  expect(sms?.text).toMatch(/^Su turno es T3 en .* min\.$/);
  await mongo.close();
});
