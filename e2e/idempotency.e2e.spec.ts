import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { ServiceProcesses } from './faults/service-processes.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7c1', phone: '+51900000009' };
const withKey = (key: string) => ({ 'idempotency-key': key });

let system: ServiceProcesses;

beforeAll(async () => {
  system = await ServiceProcesses.start('idempotency');
}, 60_000);
afterAll(() => system.stop());

/** Ids of the tickets whose SMS the provider has, one for every SMS. */
const texted = () => system.receiver.texts.map(({ ticketId }) => ticketId);

async function textOf(answer: Response): Promise<string> {
  expect(answer.status).toBe(201);
  return answer.text();
}

test('when 50 requests come at once under one key, then all are answered with one ticket, and one SMS is sent', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => system.post(place, withKey('fifty'))));

  const bodies = new Set(await Promise.all(answers.map(textOf)));
  expect(bodies.size).toBe(1);
  const { id } = JSON.parse([...bodies][0]!) as { id: string };
  await eventually(() => texted().includes(id));
  expect(texted().filter((ticketId) => ticketId === id)).toHaveLength(1);
});

test('when the first request is still running as its repeat comes to its end, then the repeat is told 409', async () => {
  const key = withKey('held-up');
  const database = system.link('ticketing to database');
  database.hold();
  const first = system.post(place, key);
  const [repeat, otherBody] = await Promise.all([
    system.post(place, key),
    system.post({ ...place, channel: 'kiosk' }, key),
  ]);
  const begun = await first;
  await database.mend();

  expect([begun.status, repeat.status, otherBody.status]).toEqual([503, 409, 422]);
  expect(repeat.headers.get('retry-after')).toBe('1');
  expect(await repeat.json()).toMatchObject({ code: 'ik09' });
  const later = await eventually(async () => {
    const answer = await system.post(place, key);
    return answer.status === 201 && answer.text();
  });
  expect(await textOf(await system.post(place, key))).toBe(later);
});

test.each(['gateway', 'ticketing'] as const)(
  'when the %s crashes after the answer, then a repeat is given the same ticket',
  async (service) => {
    const key = withKey(`before-the-crash-of-${service}`);
    const before = await textOf(await system.post(place, key));

    const instance = service === 'gateway' ? system.gateway : system.ticketing[0]!;
    await instance.kill();
    await instance.run();
    await system.serves();

    expect(await textOf(await system.post(place, key))).toBe(before);
    const other = await system.post({ ...place, channel: 'kiosk' }, key);
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ message: 'The Idempotency-Key was used with another body.' });
  },
  60_000,
);

test('when ticketing crashes under 60 requests, then their repeats get one ticket each, numbered without gaps', async () => {
  const queue = { ...place, sector_id: 's9', service_id: '7d2' };
  const keys = Array.from({ length: 60 }, (_, i) => withKey(`under-way-${i}`));
  const first = keys.map((key) => system.post(queue, key));
  await Promise.race(first);
  await system.ticketing[0]!.kill();
  const firstAnswers = await Promise.all(first);
  await system.ticketing[0]!.run();

  const tickets = await Promise.all(
    keys.map((key) =>
      eventually(
        async () => {
          const answer = await system.post(queue, key);
          return answer.status === 201 && ((await answer.json()) as { id: string; number: number });
        },
        30_000,
        // Retry-After says a second: 60 callers who come sooner keep a busy machine from getting well.
        1_000,
      ),
    ),
  );

  expect(tickets.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(keys.map((_, i) => i + 1));
  const given = await Promise.all(firstAnswers.map((answer) => answer.json() as Promise<{ id?: string }>));
  const idsThen = given.map(({ id }, i) => id ?? tickets[i]!.id);
  expect(tickets.map(({ id }) => id)).toEqual(idsThen);
  const ids = new Set(tickets.map(({ id }) => id));
  const sms = () => texted().filter((id) => ids.has(id));
  await eventually(() => sms().length >= keys.length, 20_000);
  expect(sms().toSorted()).toEqual([...ids].toSorted());
}, 90_000);
