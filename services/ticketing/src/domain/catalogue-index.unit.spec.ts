import { describe, expect, test } from '@jest/globals';
import type { Catalogue } from '@turno/shared';
import { assertServes, CatalogueIndex } from './catalogue-index.ts';

const network = {
  customers: 'known',
  on_the_spot_channels: ['kiosk'],
  services: [{ id: '7b6' }, { id: '7c1' }],
  branches: [
    {
      id: '27b6',
      status: 'OPEN',
      sectors: [
        { id: 's8', status: 'OPEN', services: ['7b6'] },
        { id: 's9', status: 'CLOSE', services: ['7b6'] },
      ],
    },
    { id: '27b7', status: 'CLOSE', sectors: [{ id: 's7', status: 'CLOSE', services: ['7b6'] }] },
  ],
  promotions: [],
  known_customers: [],
} as unknown as Catalogue;

const index = new CatalogueIndex(network);

describe('finding a place', () => {
  test('when all three ids are known, then it has all three', () => {
    const { branch, sector, service } = index.place('27b6', 's8', '7b6');

    expect([branch.id, sector.id, service.id]).toEqual(['27b6', 's8', '7b6']);
  });

  test.each([
    ['nothing is known', ['xx', 'xx', 'xx'], 'UNKNOWN_BRANCH'],
    ['sector and service are not known', ['27b6', 'xx', 'xx'], 'UNKNOWN_SECTOR'],
    ['the sector is one of another branch', ['27b6', 's7', '7b6'], 'UNKNOWN_SECTOR'],
    ['the service is not known', ['27b6', 's8', 'xx'], 'UNKNOWN_SERVICE'],
    ['the id is a name of JavaScript', ['constructor', 's8', '7b6'], 'UNKNOWN_BRANCH'],
  ] as const)('when %s, then that is the reason', (_when, [branch, sector, service], reason) => {
    expect(() => index.place(branch, sector, service)).toThrow(`refused: ${reason}`);
  });
});

describe('the rules of a place', () => {
  test('when the sector offers the service and all is open, then it serves', () => {
    expect(() => assertServes(index.place('27b6', 's8', '7b6'))).not.toThrow();
  });

  test.each([
    ['the sector does not offer the service', ['27b6', 's8', '7c1'], 'SERVICE_NOT_OFFERED'],
    ['it does not, and is closed too', ['27b6', 's9', '7c1'], 'SERVICE_NOT_OFFERED'],
    ['the sector is closed', ['27b6', 's9', '7b6'], 'SECTOR_CLOSED'],
    ['branch and sector are closed', ['27b7', 's7', '7b6'], 'BRANCH_CLOSED'],
  ] as const)('when %s, then that is the reason', (_when, [branch, sector, service], reason) => {
    expect(() => assertServes(index.place(branch, sector, service))).toThrow(`refused: ${reason}`);
  });
});

describe('a channel', () => {
  test.each([
    ['kiosk', true],
    ['mobile', false],
    [undefined, false],
  ])('when it is %s, then on the spot is %s', (channel, onTheSpot) => {
    expect(index.isOnTheSpot(channel)).toBe(onTheSpot);
  });
});
