import { expect, test } from '@jest/globals';
import type { Catalogue } from '@turno/shared';
import { CatalogueIndex } from './catalogue-index.ts';
import { checkNamesUseCase } from './check-names.ts';

const network = {
  customers: 'known',
  on_the_spot_channels: [],
  services: [{ id: '7b6' }, { id: '7c1' }],
  branches: [{ id: '27b6', status: 'CLOSE', sectors: [{ id: 's8', status: 'OPEN', services: ['7b6'] }] }],
} as unknown as Catalogue;

const rosa = { id: 'rosa', phone: undefined, language: 'es', promotionsAllowed: true } as const;
const index = new CatalogueIndex(network);
const check = checkNamesUseCase({
  catalogue: () => index,
  customers: { byId: async (id) => (id === rosa.id ? rosa : undefined), byNumber: async () => undefined },
});

test.each([
  ['the branch alone is known', { branch_id: '27b6' }],
  ['all is known', { branch_id: '27b6', sector_id: 's8', service_id: '7b6', customer_id: 'rosa' }],
  ['the place is one that would take no ticket', { branch_id: '27b6', sector_id: 's8', service_id: '7c1' }],
])('when %s, then nothing is said', async (_when, names) => {
  await expect(check({ principal: { kind: 'anonymous' }, ...names })).resolves.toBeUndefined();
});

test.each([
  ['nothing is known', { branch_id: 'xx', sector_id: 'xx' }, 'UNKNOWN_BRANCH'],
  ['sector and service are not', { branch_id: '27b6', sector_id: 'xx', service_id: 'xx' }, 'UNKNOWN_SECTOR'],
  ['the service is not', { branch_id: '27b6', sector_id: 's8', service_id: 'xx' }, 'UNKNOWN_SERVICE'],
  ['the customer is not', { branch_id: '27b6', customer_id: 'nobody' }, 'UNKNOWN_CUSTOMER'],
])('when %s, then that is the reason', async (_when, names, reason) => {
  await expect(check({ principal: { kind: 'anonymous' }, ...names })).rejects.toThrow(`refused: ${reason}`);
});
