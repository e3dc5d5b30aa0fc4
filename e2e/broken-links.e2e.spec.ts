import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { nothingWrong } from './faults/nothing-wrong.ts';
import { linkNames, ServiceProcesses } from './faults/service-processes.ts';
import type { TcpLink } from './faults/tcp-link.ts';

jest.setTimeout(60_000);

let system: ServiceProcesses;

beforeAll(async () => {
  system = await ServiceProcesses.start('broken-links');
});
afterAll(() => system.stop());

/** How long it takes to notice that the other end is gone without a word: two heartbeats of the broker. */
const noticedAfterMs = 4_000;

/** What is done to a link, and until when it is broken. */
const breakages: readonly (readonly [string, (link: TcpLink) => Promise<void>])[] = [
  ['cut', (link) => link.cut().then(() => pause(1_000))],
  [
    'slow',
    async (link) => {
      link.slow(300);
      await pause(1_000);
    },
  ],
  ['reset', async (link) => link.reset()],
  [
    'half-open',
    async (link) => {
      link.halfOpen();
      await pause(noticedAfterMs);
    },
  ],
];

describe.each(linkNames)('the link of %s', (name) => {
  test.each(breakages)('when it is %s under load, then nothing is lost, doubled or made up', async (_how, breakIt) => {
    await system.underLoad(async () => {
      await breakIt(system.link(name));
      await system.link(name).mend();
    });

    expect(await system.verdict()).toMatchObject(nothingWrong);
  });
});
