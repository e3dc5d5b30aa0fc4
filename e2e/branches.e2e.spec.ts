import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BranchDetails, Catalogue } from '@turno/shared';
import { System } from './system.ts';

/** Two more branches beside the sample's: one across the date line from Lima, one that is closed. */
function network(demo: Catalogue): Catalogue {
  const sample = demo.branches.find(({ id }) => id === '27b6')!;
  const services = (ids: string[]) => [{ ...sample.sectors[0]!, services: ids }];
  return {
    ...demo,
    promotions: [],
    services: demo.services.filter(({ id }) => sample.sectors.some(({ services: offered }) => offered.includes(id))),
    branches: [
      sample,
      {
        ...sample,
        id: 'ap1a',
        code: 'AP',
        short_name: 'Apia',
        latitude: -13.83,
        longitude: -171.76,
        is_virtual: true,
        time_zone: 'Pacific/Apia',
        sectors: services(['7c1']),
      },
      { ...sample, id: 'sk1p', code: 'SK', short_name: 'Skip', latitude: -36.85, longitude: 174.76, status: 'CLOSE' },
    ],
  };
}

const branches = '/customer/v1/branches';
let system: System;

beforeAll(async () => {
  system = await System.start('branches', { clock: () => new Date('2017-02-20T10:00:00.000Z'), catalogue: network });
});
afterAll(() => system.stop());

async function list(query: string): Promise<Partial<BranchDetails>[]> {
  const answer = await system.get(`${branches}?${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Partial<BranchDetails>[];
}

const ids = async (query: string): Promise<(string | undefined)[]> => (await list(query)).map(({ id }) => id);

describe('branches', () => {
  test.each([
    ['nothing is asked, the shortest wait and then the short name', '', ['ap1a', '27b6', 'sk1p']],
    ['a service is asked for', 'service_id=7b6', ['27b6', 'sk1p']],
    ['a code is asked for', 'code=SK', ['sk1p']],
    ['the closed ones are asked for', 'status=close', ['sk1p']],
    ['the open ones are asked for', 'status=open', ['ap1a', '27b6']],
    ['virtual ones are asked for', 'is_virtual=true', ['ap1a']],
    ['a position in Lima is given', 'latitude=-12&longitude=-77', ['27b6', 'ap1a', 'sk1p']],
    [
      'a position near the date line is given, from its other side',
      'latitude=-14&longitude=179.9',
      ['ap1a', 'sk1p', '27b6'],
    ],
    ['a box is given', 'min_latitude=-13&max_latitude=-12&min_longitude=-78&max_longitude=-77', ['27b6']],
    ['the box crosses the date line', 'min_longitude=170&max_longitude=-170', ['ap1a', 'sk1p']],
    ['nothing meets all conditions', 'code=SK&status=open', []],
  ])('when %s, then they come in this order', async (_when, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('when a page is asked for, then the headers tell which it is', async () => {
    const answer = await system.get(`${branches}?limit=2&offset=2&fields=id`);

    expect(await answer.json()).toEqual([{ id: 'sk1p' }]);
    expect(answer.headers.get('x-pagination-count')).toBe('3');
    expect(answer.headers.get('x-pagination-page')).toBe('2');
    expect(answer.headers.get('x-pagination-limit')).toBe('2');
  });

  test.each([
    ['service_id=zzz', 'Invalid service ID.'],
    ['service_id=Z', 'Invalid service ID.'],
    ['code=', 'Invalid code.'],
    ['status=OPEN', 'Invalid status.'],
    ['is_virtual=yes', 'Invalid is_virtual.'],
    ['latitude=91&longitude=0', 'Invalid latitude.'],
    ['latitude=1', 'Invalid longitude.'],
    ['longitude=1', 'Invalid latitude.'],
    ['min_latitude=x', 'Invalid min_latitude.'],
    ['min_latitude=2&max_latitude=1', 'Invalid max_latitude.'],
    ['min_longitude=181', 'Invalid min_longitude.'],
    ['max_longitude=-180.5', 'Invalid max_longitude.'],
    ['fields=id,nothing', 'Requested field not found.'],
    ['limit=', 'Invalid limit.'],
  ])('when the query is %s, then the answer is "%s"', async (query, message) => {
    const answer = await system.get(`${branches}?${query}`);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message });
  });
});

describe('one branch', () => {
  test('when tickets wait there, then it has the wait of its longest queue, in whole minutes', async () => {
    const ticket = { branch_id: '27b6', sector_id: 's8' };
    await system.post({ ...ticket, service_id: '7b6' });
    await system.post({ ...ticket, service_id: '7c1' });
    await system.post({ ...ticket, service_id: '7c1' });

    const branch = (await (await system.get(`${branches}/27b6`)).json()) as BranchDetails;
    const forCaja = await list('service_id=7c1&code=AG001');

    // One ticket of 25 minutes at two counters; two of 4 minutes.
    expect(branch).toMatchObject({ low_estimated_time: 10, high_estimated_time: 15, congestion_level: 'MEDIUM' });
    expect(forCaja).toMatchObject([{ low_estimated_time: 2, high_estimated_time: 7, congestion_level: 'LOW' }]);
    expect(branch).toMatchObject({
      opening_time: '2017-02-20T14:00:00.000Z',
      is_virtual: false,
      is_bookable: false,
      sectors: [
        { id: 's8', short_name: 'A', services: ['7b6', '7c1'] },
        { id: 's9', short_name: 'B', services: ['7d2'] },
      ],
    });
  });

  test('when a ticket leaves its queue, then the wait is shorter again', async () => {
    const taken = await system.post({ branch_id: 'ap1a', sector_id: 's8', service_id: '7c1' });
    const { id } = (await taken.json()) as { id: string };
    const before = await list('code=AP&fields=high_estimated_time');

    await system.send('DELETE', `/customer/v1/tickets/${id}`);

    expect(before).toEqual([{ high_estimated_time: 5 }]);
    expect(await list('code=AP&fields=high_estimated_time')).toEqual([{ high_estimated_time: 3 }]);
  });

  test('when it is closed, then it has neither estimates nor congestion', async () => {
    const branch: unknown = await (await system.get(`${branches}/sk1p`)).json();

    expect(branch).toMatchObject({ status: 'CLOSE' });
    expect(Object.keys(branch as object).filter((name) => /estimated|congestion/.test(name))).toEqual([]);
  });

  test.each(['zzzz', 'x', 'ABCDEFG', '%24ne'])('when there is no branch "%s", then it is a 404', async (id) => {
    for (const path of [`${branches}/${id}`, `${branches}/${id}/sectors`]) {
      const answer = await system.get(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ message: 'Branch not found.' });
    }
  });
});

describe('sectors and services', () => {
  const services = '/customer/v1/services';

  test.each([
    ['all of a branch', `${branches}/27b6/sectors`, ['s8', 's9']],
    ['those of a service', `${branches}/27b6/sectors?service_id=7d2`, ['s9']],
    ['services by short name', services, ['7c1', '7d2', '7b6']],
    ['a page of them', `${services}?limit=1&offset=1`, ['7d2']],
    ['services of a branch', `${services}?branch_id=ap1a`, ['7c1']],
    ['services of a sector', `${services}?branch_id=27b6&sector_id=s9`, ['7d2']],
  ])('when %s are asked for, then they come by short name', async (_what, path, expected) => {
    const answer = await system.get(path);

    expect(((await answer.json()) as { id: string }[]).map(({ id }) => id)).toEqual(expected);
  });

  test.each([
    [`${branches}/27b6/sectors?service_id=zzz`, 'Invalid service ID.'],
    [`${services}?branch_id=zzzz`, 'Invalid branch ID.'],
    [`${services}?branch_id=27b6&sector_id=zz`, 'Invalid sector ID.'],
    [`${services}?sector_id=s8`, 'Invalid branch ID.'],
  ])('when %s is asked for, then the answer is "%s"', async (path, message) => {
    const answer = await system.get(path);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message });
  });
});
