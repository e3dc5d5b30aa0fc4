import { beforeEach, expect, test } from '@jest/globals';
import { OutcomeUnknown } from '@turno/shared';
import { RequestsInProgress } from './requests-in-progress.ts';
import type { IssuedTicket } from './ticket.ts';

const request = { id: 'request', key: 'caller:1', fingerprint: 'as it was' };
const ticket = { id: 'ticket' } as IssuedTicket;
const soon = (): number => Date.now() + 5_000;

let requests: RequestsInProgress;
let first: PromiseWithResolvers<IssuedTicket>;

beforeEach(() => {
  requests = new RequestsInProgress();
  first = Promise.withResolvers();
});

test('when a repeat comes while the first is worked on, then both get the ticket of the first', async () => {
  const answers = [
    requests.run(request, soon(), () => first.promise),
    requests.run({ ...request, id: 'repeat' }, soon(), () => Promise.reject(new Error('it was begun twice'))),
  ];

  first.resolve(ticket);

  expect(await Promise.all(answers)).toEqual([ticket, ticket]);
});

test('when the first fails, then its repeat fails with it, and the next one is begun anew', async () => {
  const answers = [1, 2].map(() => requests.run(request, soon(), () => first.promise));

  first.reject(new Error('the database is away'));

  for (const answer of answers) await expect(answer).rejects.toThrow('the database is away');
  expect(await requests.run(request, soon(), () => Promise.resolve(ticket))).toBe(ticket);
});

test('when the first is still running as the deadline of a repeat comes near, then the repeat is told so', async () => {
  const running = requests.run(request, soon(), () => first.promise);

  const repeat = requests.run(request, Date.now() + 10, () => first.promise);

  await expect(repeat).rejects.toMatchObject({ reason: 'REQUEST_STILL_RUNNING' });
  first.resolve(ticket);
  expect(await running).toBe(ticket);
});

test('when the broker repeats a request of a caller without a key, then the outcome is unknown and nothing is refused', async () => {
  const keyless = { ...request, key: 'own:1' };
  const running = requests.run(keyless, soon(), () => first.promise);

  const repeat = requests.run(keyless, Date.now() + 10, () => first.promise);

  await expect(repeat).rejects.toBeInstanceOf(OutcomeUnknown);
  first.resolve(ticket);
  expect(await running).toBe(ticket);
});

test('when a repeat has another body, then it is refused at once', async () => {
  const running = requests.run(request, soon(), () => first.promise);

  const other = requests.run({ ...request, fingerprint: 'another' }, soon(), () => first.promise);

  await expect(other).rejects.toMatchObject({ reason: 'KEY_USED_WITH_ANOTHER_BODY' });
  first.resolve(ticket);
  await running;
});
