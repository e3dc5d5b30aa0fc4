import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Catalogue } from '@turno/shared';
import * as fc from 'fast-check';
import { created } from './contract-verdict.ts';
import { FuzzedSystem, queuesOf, type Creation } from './fuzzed-system.ts';
import { oddBodies } from './odd-bodies.ts';
import { oddKeys, type OddKey } from './odd-keys.ts';
import { oddRequests } from './odd-requests.ts';
import { System } from './system.ts';

/** How many requests are sent in all; more of them find more. */
const requests = Number(process.env['TURNO_FUZZ_REQUESTS'] ?? 2_500);
/** The same requests every time, unless another seed is asked for. A failure prints its seed and path. */
const seed = Number(process.env['TURNO_FUZZ_SEED'] ?? 20_170_220);
/** Sent at the same time, in one run of a property. */
const batch = 25;
const timeoutMs = 30_000 + requests * 30;

/**
 * Sends a share of the requests, as many at once as a batch has, and gives back what was wrong with the first answer that
 * was. Nothing is shrunk: the message names the one request, which is small enough to read.
 */
async function whatIsWrong<T>(share: number, one: fc.Arbitrary<T>, send: (one: T) => Promise<unknown>) {
  const some = fc.array(one, { minLength: batch, maxLength: batch, size: 'max' });
  const property = fc.asyncProperty(some, async (all) => void (await Promise.all(all.map(send))));
  const numRuns = Math.ceil((requests * share) / batch);
  const { failed, errorInstance, counterexamplePath } = await fc.check(property, { seed, numRuns, endOnFailure: true });
  return failed ? `TURNO_FUZZ_SEED=${seed}, at ${counterexamplePath}: ${String(errorInstance)}` : undefined;
}

let system: System;
let fuzzed: FuzzedSystem;
let network: Catalogue;

beforeAll(async () => {
  system = await System.start('whatever-is-sent', {
    clock: () => new Date('2017-02-20T10:00:00.000Z'),
    catalogue: (demo) => (network = demo),
    // A machine that is busy with other specs may be slow; a 503 is not to be mistaken for what was sent.
    variables: { RPC_TIMEOUT_MS: '4000' },
  });
  fuzzed = new FuzzedSystem(system);
  for (const place of queuesOf(network)) await fuzzed.create(asJson(place), [created]);
});
afterAll(() => system.stop());

const places = () => fc.constantFrom(...queuesOf(network));

function asJson(body: object): Creation {
  return { headers: [['Content-Type', 'application/json']], body: Buffer.from(JSON.stringify(body)) };
}

/** The same request twice at once, under a key that nobody else has. */
async function sendTwice(place: object, { header, isGood }: OddKey): Promise<void> {
  const { headers = [], ...request } = asJson(place);
  const keyed = { ...request, headers: [...headers, ['Idempotency-Key', header(fuzzed.sent)] as const] };
  const expected = [isGood ? created : 'Invalid Idempotency-Key.'];
  const [first, second] = await Promise.all([fuzzed.create(keyed, expected), fuzzed.create(keyed, expected)]);
  if (first.body !== second.body) throw new Error(`two answers: ${first.body} and ${second.body}`);
}

test(
  'when it is to make a ticket, then it does, or the message is that of the first broken field',
  async () => {
    expect(await whatIsWrong(0.48, oddBodies(network), (body) => fuzzed.create(body, body.expected))).toBeUndefined();
  },
  timeoutMs,
);

test(
  'when it is about anything else, then the answer is one that the API describes',
  async () => {
    expect(await whatIsWrong(0.4, oddRequests, (request) => fuzzed.sendAbout(request))).toBeUndefined();
  },
  timeoutMs,
);

test(
  'when it comes twice under one Idempotency-Key, then there is one ticket, or the key is refused both times',
  async () => {
    expect(await whatIsWrong(0.03, fc.tuple(places(), oddKeys), (sent) => sendTwice(...sent))).toBeUndefined();
  },
  timeoutMs,
);

test(
  'when the caller hangs up before the body has come, then no ticket is made of it',
  async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const chunkSize = fc.constantFrom(undefined, 5);
    const brokenOff = fc.record({ place: places(), share, chunkSize });

    const wrong = await whatIsWrong(0.06, brokenOff, async ({ place, ...part }) => {
      await fuzzed.breakOff({ ...asJson(place), chunkSize: part.chunkSize }, part.share);
    });

    expect(wrong).toBeUndefined();
  },
  timeoutMs,
);

test(
  'when it is over, then every 201 can be read, and the numbers of each queue are 1 to n',
  async () => {
    // A ticket that nobody was told of would leave a gap before these.
    for (const place of queuesOf(network)) await fuzzed.create(asJson(place), [created]);

    expect(await fuzzed.unreadable()).toBeUndefined();
    for (const [queue, numbers] of fuzzed.numbers) {
      expect([queue, numbers]).toEqual([queue, numbers.map((_, i) => i + 1)]);
    }
  },
  timeoutMs,
);
