import { expect, test } from '@jest/globals';
import { lintProblems } from './lint-problems.ts';

const operation = {
  operationId: 'listTickets',
  summary: 'Lists tickets',
  responses: { 200: { description: 'The tickets' }, 400: { description: 'A broken request' } },
};
const good = {
  openapi: '3.1.0',
  info: { title: 'Small', version: '1.0.0', license: { name: 'MIT', url: 'https://opensource.org/license/mit' } },
  servers: [{ url: '/' }],
  security: [],
  paths: { '/tickets': { get: operation } },
};

test('when a document follows the rules, then there is no problem', async () => {
  await expect(lintProblems(good)).resolves.toEqual([]);
});

test.each([
  ['an error', { ...good, servers: [] }, 'error no-empty-servers at #/servers'],
  [
    'a warning',
    { ...good, paths: { '/t': { get: { ...operation, operationId: undefined } } } },
    'warn operation-operationId',
  ],
  [
    'a reference that leads nowhere',
    { ...good, paths: { '/t': { $ref: '#/components/pathItems/T' } } },
    'error no-unresolved-refs',
  ],
  ['a type that there is not', { ...good, components: { schemas: { A: { type: 'text' } } } }, 'error struct'],
])('when there is %s, then it is told with its rule and its place', async (_what, document, problem) => {
  expect(await lintProblems(document)).toContainEqual(expect.stringContaining(problem));
});
