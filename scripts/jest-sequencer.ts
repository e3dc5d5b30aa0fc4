import commonJs from '@jest/test-sequencer';

type Tests = Parameters<commonJs.default['sort']>[0];

// The types tell of the CommonJS file; what an ES module imports is the class itself.
const Sequencer = commonJs as unknown as typeof commonJs.default;

/** Whole flows take longest, rules of a few lines no time at all. */
const tiers = ['e2e', 'int', 'unit'];

/** Begins with what takes longest, so that no worker is left alone with it at the end. */
// Jest takes the default export.
// oxlint-disable-next-line import/no-default-export
export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    // A sequencer's sort, not an array's.
    // oxlint-disable-next-line unicorn/no-array-sort
    const byDuration = await super.sort(tests);
    return byDuration.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ path, context }: Tests[number]): number {
  return path.includes('/e2e/faults/') ? -1 : tiers.indexOf(context.config.displayName!.name);
}
