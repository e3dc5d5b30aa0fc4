import * as fc from 'fast-check';
import { specialNames, words } from './odd-json.ts';

const root = '/customer/v1';

const noTickets = [
  words('27b6 31a2 s8 7b6 a9087s902m zzzzzzzz 00000000 __proto__ constructor tostring AAAAAAAAAAAAAAAA null -1 1e400'),
  words('%24ne [$ne] %00 % %zz %E0%A4%A %2e%2e .. . %2F %ff%fe %F0%9F %7B%7D %0d%0aX-Injected:1 \u00e9\u00ff'),
  ['a'.repeat(16), 'a'.repeat(15_000)],
].flat();

/** `{7}` stands for the id of a ticket that was taken earlier in the run, by its place among them. */
const ids = fc.oneof(
  { weight: 4, arbitrary: fc.nat(9_999).map((place) => `{${place}}`) },
  { weight: 1, arbitrary: fc.constantFrom(...noTickets) },
);

const wrongPaths = [
  words(`${root}/tickets/ /Customer/V1/Tickets /${root}/tickets ${root}//tickets ${root}/%74ickets / /__proto__ /% *`),
  words(`${root}/branches/27b6/ ${root}/branches/27b6/SECTORS ${root}/branches/27b6/sectors/ ${root}/services/7b6`),
  words(`${root}/../v1/tickets ${root}/tickets;a=1 ${root}/tickets%3F ${root}/tickets%00`),
].flat();

const paths = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(`${root}/tickets`, `${root}/branches`, `${root}/services`) },
  { weight: 4, arbitrary: ids.map((id) => `${root}/tickets/${id}`) },
  { weight: 2, arbitrary: ids.map((id) => `${root}/branches/${id}`) },
  {
    weight: 2,
    arbitrary: fc.oneof(fc.constantFrom('27b6', '31a2', '58nz'), ids).map((id) => `${root}/branches/${id}/sectors`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...wrongPaths) },
);

const parameters = words(`
  fields offset limit customer_id customer_id_type customer_id_number service_id branch_id sector_id code status is_virtual
  latitude longitude min_latitude max_latitude min_longitude max_longitude`);
const suffixes = words('[$ne] [] [__proto__] .$gt %5B%24gt%5D %00 % [0]');

const oddValues = [
  words('id id,number id,id id, , toString __proto__ constructor,id sectors ID id%2Cnumber 0 1 50 51 -0 -1 1e1 1e400'),
  words(
    '99999 100000 007 9007199254740993 0x10 NaN +1 27b6 7b6 s8 p1 zz a9087s902m nobody D P 10203040 LK4417702 AG001',
  ),
  words(
    'open CLOSE true false TRUE -90 90.000000000000001 -77.0845193 180 -180.0 .5 1. 0.1e1 999 % %zz %E0%A4%A %00 %ff',
  ),
  words(`%ed%a0%80 + %20 %0a {"$gt":""} [object%20Object] \u00ff ';-- $where`),
  ['', 'a b', 'x'.repeat(15_500), '%F0%9F%98%80'.repeat(20), '%F0%9F%98%80'.repeat(21), 'id,'.repeat(3_000)],
].flat();

const pairs = fc
  .record({
    name: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...parameters) },
      { weight: 1, arbitrary: fc.constantFrom(...specialNames) },
    ),
    suffix: fc.oneof({ weight: 8, arbitrary: fc.constant('') }, fc.constantFrom(...suffixes)),
    value: fc.oneof(
      fc.constantFrom(...oddValues).map((value) => `=${value}`),
      fc.string({ unit: 'binary', maxLength: 22 }).map((text) => `=${encodeURIComponent(text)}`),
      fc.constant(''),
    ),
  })
  .map(({ name, suffix, value }) => name + suffix + value);

const queries = fc.oneof(
  { weight: 8, arbitrary: fc.array(pairs, { maxLength: 5 }).map((some) => (some[0] ? `?${some.join('&')}` : '')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '?',
      '??',
      '?&&&',
      '?=',
      '?===',
      `?${'a=1&'.repeat(3_000)}`,
      '?limit=1&limit=1',
      '?#',
      '#',
    ),
  },
);

/** Paths with their queries, as they stand in a request: those of the API, those nearby, and nonsense. */
export const oddTargets: fc.Arbitrary<string> = fc.tuple(paths, queries).map(([path, query]) => path + query);
