import { describe, expect, test } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';
import { unnoted } from './changelog.ts';
import { asking, query } from './small-api.ts';

const changelog = (unreleased: string) =>
  `# Changelog\n\n## [Unreleased]\n\n${unreleased}\n\n## [1.0.0]\n\n### Breaking\n\n- \`POST /a\`: long ago.\n`;

describe('a changelog', () => {
  const [change] = breakingChanges(asking(query('q')), asking());

  test('when it names the operation among the breaking changes to come, then it owns up', () => {
    expect(unnoted([change!], changelog('### Added\n\n### Breaking\n\n- `POST /a` has no `q` any more.'))).toEqual([]);
  });

  test.each([
    ['names it nowhere', ''],
    ['names it under another heading', '### Breaking\n\n- Much.\n\n### Changed\n\n- `POST /a`'],
    ['names an operation below it', '### Breaking\n\n- `POST /a/b`'],
  ])('when it %s, then it does not', (_when, unreleased) => {
    expect(unnoted([change!], changelog(unreleased))).toEqual([change]);
  });
});
