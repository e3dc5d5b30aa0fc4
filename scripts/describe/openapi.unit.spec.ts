import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openApiDocument } from '@turno/gateway';
import { breakingChanges } from './breaking-changes.ts';
import { unnoted } from './changelog.ts';
import { lintProblems } from './lint-problems.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFile(join(root, file), 'utf8');

test("when Redocly's recommended rules judge the OpenAPI document, then they have nothing against it", async () => {
  await expect(lintProblems(openApiDocument())).resolves.toEqual([]);
});

test('when the API breaks callers of the last release, then the changelog names each such operation', async () => {
  const released = JSON.parse(await read('docs/api/openapi.released.json')) as object;

  const changes = breakingChanges(released, openApiDocument());

  // To be named under "### Breaking" of the unreleased version, in backticks: `GET /customer/v1/branches`.
  expect(unnoted(changes, await read('CHANGELOG.md'))).toEqual([]);
});

test('when the API is held against itself, then nothing breaks', () => {
  expect(breakingChanges(openApiDocument(), openApiDocument())).toEqual([]);
});

test('when all of the API is gone, then every operation is told', () => {
  const { paths = {}, ...rest } = openApiDocument();
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );

  const told = breakingChanges({ ...rest, paths }, { ...rest, paths: {} }).map(({ operation }) => operation);

  expect(told.toSorted()).toEqual(operations.toSorted());
});
