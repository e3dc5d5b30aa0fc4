import { expect, test } from '@jest/globals';
import { summarise, type CpuProfile } from './cpu-profile.ts';

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 });

/** `createTicket` calls the driver; a millisecond for each sample, from the second second of the clock. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3] },
    { id: 2, callFrame: frame('createTicket', 'file:///t/services/ticketing/dist/create.js'), children: [4] },
    { id: 3, callFrame: frame('(idle)') },
    { id: 4, callFrame: frame('insert', 'file:///t/node_modules/.pnpm/mongodb@7/node_modules/mongodb/lib/insert.js') },
  ],
  startTime: 1_000_000,
  samples: [4, 2, 4, 3, 3],
  timeDeltas: [1_000, 1_000, 1_000, 1_000, 1_000],
};

test('when a profile is summarised, then idle time and what was before count for nothing, and callers for their calls', () => {
  const { busyMs, byPackage, byOwnFunction } = summarise(profile, { from: 1_002, to: Infinity });

  expect(busyMs).toBe(2);
  expect(Object.fromEntries(byPackage)).toEqual({ 'services/ticketing': 1, mongodb: 1 });
  expect(Object.fromEntries(byOwnFunction)).toEqual({ 'createTicket ticketing/dist/create.js:1': 2 });
});
