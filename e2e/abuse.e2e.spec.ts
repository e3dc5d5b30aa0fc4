import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { System } from './system.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6', channel: 'mobile' };

let system: System;

beforeAll(async () => {
  const variables = { TICKETS_PER_PHONE: '1', SMS_COUNTRIES: 'PE', RATE_LIMIT_PER_MINUTE: '1000' };
  system = await System.start('abuse', { variables });
}, 60_000);
afterAll(() => system.stop());

const metricsOf = async (service: 'gateway' | 'ticketing' | 'notifications') =>
  (await system.ops(service, '/metrics')).text();

test('when a phone has taken its ticket, then the next is a 429 that says until when, and a repeat gets its ticket', async () => {
  const once = { 'idempotency-key': 'once' };
  const first = await system.post({ ...place, phone: '+51911111111' }, once);
  const next = await system.post({ ...place, phone: '+51911111111' });
  const repeat = await system.post({ ...place, phone: '+51911111111' }, once);

  expect(first.status).toBe(201);
  expect(next.status).toBe(429);
  expect(await next.json()).toMatchObject({ message: 'Too many tickets for the phone.', code: 'rl06' });
  expect(Number(next.headers.get('retry-after'))).toBeGreaterThan(3_500);
  expect(next.headers.get('ratelimit')).toMatch(/^"address"; r=\d+; t=\d+$/);
  expect(await repeat.json()).toEqual(await first.json());
  expect(await metricsOf('ticketing')).toContain('turno_tickets_limited_total{limit="phone"} 1');
});

test('when a phone is of a country that may not be texted, then it has its ticket, and no SMS', async () => {
  const far = await system.post({ ...place, phone: '+37120000123' });
  const near = await system.post({ ...place, phone: '+51922222222' });

  expect([far.status, near.status]).toEqual([201, 201]);
  await eventually(async () =>
    (await metricsOf('notifications')).includes('turno_sms_held_back_total{reason="DESTINATION_NOT_ALLOWED"} 1'),
  );
  await eventually(async () => (await system.inbox()).some(({ to }) => to === '+51922222222'));
  expect((await system.inbox()).map(({ to }) => to)).not.toContain('+37120000123');
});
