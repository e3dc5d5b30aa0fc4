import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { breakages } from './faults.ts';
import { nothingWrong } from './nothing-wrong.ts';
import { linkNames, ServiceProcesses } from './service-processes.ts';

jest.setTimeout(60_000);

let system: ServiceProcesses;

beforeAll(async () => {
  system = await ServiceProcesses.start('broken-links');
}, 120_000);
afterAll(() => system.stop());

describe.each(linkNames)('the link of %s', (name) => {
  test.each(Object.entries(breakages))(
    'when it is %s under load, then nothing is lost, doubled or made up',
    async (_how, breakIt) => {
      await system.underLoad(async () => {
        await breakIt(system.link(name));
        await system.link(name).mend();
      });

      expect(await system.verdict()).toMatchObject(nothingWrong);
    },
  );
});
