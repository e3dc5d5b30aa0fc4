import { branchDetails, field, sampleBranch, sampleSector, sampleService, sectorDetails, service } from '@turno/shared';
import { z } from 'zod';
import * as param from './query.ts';
import { route } from './route.ts';

const branches = '/customer/v1/branches';
const params = z.object({ id: field.branchId });
const selectedBranch = branchDetails
  .partial()
  .meta({ id: 'SelectedBranch', description: 'The branch, or the asked for fields.' });

const box = {
  min_latitude: param.latitude('min_latitude', 'Southern side of a box.').optional(),
  max_latitude: param.latitude('max_latitude', 'Northern side of a box.').optional(),
  min_longitude: param
    .longitude('min_longitude', 'Western side of a box; greater than the eastern when the box crosses the date line.')
    .optional(),
  max_longitude: param.longitude('max_longitude', 'Eastern side of a box.').optional(),
};

const list = route({
  method: 'get',
  path: branches,
  operationId: 'listBranches',
  tag: 'Branches',
  summary: 'List branches',
  description:
    'Branches that meet all conditions. With `latitude` and `longitude` the nearest come first, else those with the ' +
    'shortest wait. The wait is that of the longest queue, or, with `service_id`, that of the service.',
  query: z
    .object({
      service_id: field.serviceId.optional(),
      code: field.branchCode.optional(),
      status: param.operatingStatus.optional(),
      is_virtual: param.flag('is_virtual', 'Whether the branch is a virtual one.').optional(),
      ...box,
      latitude: param.latitude('latitude', 'Where the customer is; together with the longitude.').optional(),
      longitude: param.longitude('longitude', 'Where the customer is; together with the latitude.').optional(),
      fields: param.fieldsOf(branchDetails).optional(),
      ...param.paging,
    })
    .refine(({ latitude, longitude }) => longitude === undefined || latitude !== undefined, {
      path: ['latitude'],
      error: 'Invalid latitude.',
    })
    .refine(({ latitude, longitude }) => latitude === undefined || longitude !== undefined, {
      path: ['longitude'],
      error: 'Invalid longitude.',
    })
    .refine(({ min_latitude = -90, max_latitude = 90 }) => min_latitude <= max_latitude, {
      path: ['max_latitude'],
      error: 'Invalid max_latitude.',
    }),
  success: {
    status: 200,
    description: 'A page of branches.',
    schema: z.array(selectedBranch),
    headers: param.paginationHeaders,
    example: [sampleBranch],
  },
  errors: [
    'INVALID_SERVICE',
    'INVALID_CODE',
    'INVALID_STATUS',
    'INVALID_IS_VIRTUAL',
    'INVALID_MIN_LATITUDE',
    'INVALID_MAX_LATITUDE',
    'INVALID_MIN_LONGITUDE',
    'INVALID_MAX_LONGITUDE',
    'INVALID_LATITUDE',
    'INVALID_LONGITUDE',
    'FIELD_NOT_FOUND',
    'INVALID_OFFSET',
    'INVALID_LIMIT',
  ],
  handle: async ({ query: { fields, latitude, longitude, ...query }, caller }, ticketing) => {
    const near = latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
    const { items, count } = await ticketing.call('ListBranches', { ...query, near }, caller);
    return { body: items.map((item) => param.pick(item, fields)), headers: param.paginationOf(count, query) };
  },
});

const read = route({
  method: 'get',
  path: `${branches}/{id}`,
  operationId: 'readBranch',
  tag: 'Branches',
  summary: 'Read a branch',
  description: 'The branch with its sectors. Estimates and congestion are as of now, and left out when it is closed.',
  params,
  success: { status: 200, description: 'The branch.', schema: branchDetails, example: sampleBranch },
  errors: [],
  notFound: 'BRANCH_NOT_FOUND',
  handle: async ({ params: { id }, caller }, ticketing) => ({
    body: await ticketing.call('ReadBranch', { branch_id: id }, caller),
  }),
});

const sectors = route({
  method: 'get',
  path: `${branches}/{id}/sectors`,
  operationId: 'listSectors',
  tag: 'Branches',
  summary: 'List the sectors of a branch',
  description: 'The sectors by their short names; with `service_id` those that offer the service.',
  params,
  query: z.object({ service_id: field.serviceId.optional() }),
  success: { status: 200, description: 'The sectors.', schema: z.array(sectorDetails), example: [sampleSector] },
  errors: ['INVALID_SERVICE'],
  notFound: 'BRANCH_NOT_FOUND',
  handle: async ({ params: { id }, query, caller }, ticketing) => ({
    body: await ticketing.call('ListSectors', { branch_id: id, ...query }, caller),
  }),
});

const services = route({
  method: 'get',
  path: '/customer/v1/services',
  operationId: 'listServices',
  tag: 'Services',
  summary: 'List services',
  description: 'Services by their short names; those of a branch, or of a sector of it, when these are named.',
  query: z
    .object({ branch_id: field.branchId.optional(), sector_id: field.sectorId.optional(), ...param.paging })
    .refine(({ branch_id, sector_id }) => sector_id === undefined || branch_id !== undefined, {
      path: ['branch_id'],
      error: 'Invalid branch ID.',
    }),
  success: {
    status: 200,
    description: 'A page of services.',
    schema: z.array(service),
    headers: param.paginationHeaders,
    example: [sampleService],
  },
  errors: ['INVALID_BRANCH', 'INVALID_SECTOR', 'INVALID_OFFSET', 'INVALID_LIMIT'],
  handle: async ({ query, caller }, ticketing) => {
    const { items, count } = await ticketing.call('ListServices', query, caller);
    return { body: items, headers: param.paginationOf(count, query) };
  },
});

export const branchRoutes = [list, read, sectors, services];
