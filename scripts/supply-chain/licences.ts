// `npm run licences`: holds the licences of all that is installed against what is allowed, and writes docs/licences.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { isAllowed } from './allowed-licences.ts';
import { imagePackages, outputOfPnpm, root } from './pnpm.ts';

interface Listed {
  readonly name: string;
  readonly versions: readonly string[];
  readonly license: string;
}

function listed(...args: string[]): Listed[] {
  const byLicence = JSON.parse(outputOfPnpm(...args, 'licenses', 'list', '--json')) as Record<string, Listed[]>;
  return Object.values(byLicence).flat();
}

function pageOf(inImages: readonly Listed[]): string {
  const rows = inImages
    .flatMap(({ name, versions, license }) => versions.map((version) => `| ${name} | ${version} | ${license} |`))
    .toSorted((a, b) => (a < b ? -1 : 1));
  return [
    '# Licences',
    '',
    'What the images hold beside Turno itself, and under which licence. `npm run licences` writes this page, and fails on a',
    'licence that `scripts/supply-chain/allowed-licences.ts` does not have; a spec holds the page against the lockfile. For what',
    'only builds and tests use, more licences are allowed, since nobody is given it.',
    '',
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const inImages = listed(...imagePackages.flatMap((name) => ['--filter-prod', `${name}...`]), '--prod');
const others = listed('--recursive');
const refused = [
  ...inImages.filter(({ license }) => !isAllowed(license, 'images')),
  ...others.filter(({ license }) => !isAllowed(license, 'development')),
];
for (const { name, versions, license } of refused)
  console.error(`${name} ${versions.join(', ')}: ${license} is not allowed`);
const page = join(root, 'docs/licences.md');
const options = await resolveConfig(page);
writeFileSync(page, await format(pageOf(inImages), { ...options, filepath: page }));
console.log(
  `${inImages.length} packages are in images, ${others.length} are installed in all; ${refused.length} are not allowed.`,
);
process.exitCode = refused.length === 0 ? 0 : 1;
