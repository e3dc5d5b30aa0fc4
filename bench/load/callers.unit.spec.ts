import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Callers } from './callers.ts';
import type { LoadOrder, Loop } from './order.ts';

const stallMs = 300;
let server: Server;
let order: Omit<LoadOrder, 'loop'>;

/** Answers at once, but for one stall in which nobody is answered. */
beforeEach(async () => {
  let stalledUntil: number | undefined;
  let answered = 0;
  server = createServer((request, response) => {
    request.resume();
    if (++answered === 20) stalledUntil = performance.now() + stallMs;
    const waitMs = Math.max(0, (stalledUntil ?? 0) - performance.now());
    setTimeout(() => response.writeHead(201).end('{"id":"a"}'), waitMs);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  order = { apiUrl, scenario: 'spread', warmUpMs: 0, measureMs: 600, firstIndex: 0, withPhones: true };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const carryOut = (loop: Loop, more: Partial<LoadOrder> = {}) => Callers.carryOut({ ...order, loop, ...more });

describe('the load generator', () => {
  test('when the system stalls, then the open loop counts the wait of everyone who was due meanwhile', async () => {
    const { measured, latencies, created } = await carryOut({ kind: 'open', perSecond: 100 });

    expect(measured).toBe(created);
    expect(created).toBeGreaterThanOrEqual(59);
    // Thirty of sixty were due within the stall; the later ones waited less.
    expect(latencies.p90).toBeGreaterThan(stallMs / 2);
    expect(latencies.max).toBeGreaterThan(stallMs * 0.9);
  });

  test('when so many tickets are wanted, then no more are asked for, and each has a time', async () => {
    const result = await carryOut(
      { kind: 'closed', connections: 4 },
      { tickets: 40, measureMs: 60_000, firstIndex: 7 },
    );

    expect(result.created).toBe(40);
    expect(result.askedAt).toHaveLength(40);
    expect(result.failures).toEqual({});
  });

  test('when answers are other than expected, then they are failures and not measured', async () => {
    server.removeAllListeners('request');
    server.on('request', (_request, response) => response.writeHead(503).end());

    const { failures, measured, created } = await carryOut({ kind: 'open', perSecond: 50 }, { measureMs: 100 });

    expect(failures['503']).toBeGreaterThan(0);
    expect([measured, created]).toEqual([0, 0]);
  });
});
