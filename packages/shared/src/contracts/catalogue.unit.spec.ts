import { describe, expect, test } from '@jest/globals';
import { catalogue } from './catalogue.ts';

const sector = { id: 's8', name: 'Tower A', short_name: 'A', status: 'OPEN', services: ['7b6'] };
const branch = {
  id: '27b6',
  name: 'Hiper Central',
  short_name: 'Hiper',
  code: 'AG001',
  address: 'Calle Beta 181 - 195, Callao',
  latitude: -12,
  longitude: -77,
  status: 'OPEN',
  time_zone: 'America/Lima',
  hours: { monday: { opens: '09:00', closes: '18:00' } },
  open_counters: 2,
  deviation_minutes: 2.5,
  congestion: { medium_from: 10, high_from: 30 },
  sectors: [sector],
};
const service = { id: '7b6', name: 'Plataforma', short_name: 'Plataforma', queue: 'T', mean_minutes: 25 };
const promotion = { id: 'welcome', text: 'Hello' };
const document = { id_type: 'D', id_number: '10203040' };
const network = { services: [service], branches: [branch] };

const withBranch = (changes: object) => ({ ...network, branches: [{ ...branch, ...changes }] });
const withMonday = (opens: string, closes: string) => withBranch({ hours: { monday: { opens, closes } } });
const withSector = (changes: object) => withBranch({ sectors: [{ ...sector, ...changes }] });

/** Where a catalogue is wrong, as paths. */
function mistakes(content: unknown): string[] {
  const result = catalogue.safeParse(content);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

describe('the catalogue', () => {
  test('when it says only what it must, then the rest has its defaults', () => {
    const content = catalogue.parse({ ...network, known_customers: [{ id: 'a1' }] });

    expect(content).toMatchObject({ customers: 'known', on_the_spot_channels: [], promotions: [] });
    expect(content.known_customers).toEqual([{ id: 'a1', language: 'es', promotions: true }]);
    expect(content.branches[0]!.holidays).toEqual([]);
  });

  test('when a sector offers a service that does not exist, then its place is named', () => {
    const result = catalogue.safeParse(withSector({ services: ['7b6', 'zz9'] }));

    expect(result.error?.issues).toMatchObject([
      { path: ['branches', 0, 'sectors', 0, 'services', 1], message: 'there is no service "zz9"' },
    ]);
  });

  test.each(['America/Lima', 'Europe/Madrid', 'Pacific/Kiritimati', 'UTC'])(
    'when the time zone is %s, then it is taken',
    (time_zone) => expect(mistakes(withBranch({ time_zone }))).toEqual([]),
  );

  test.each(['Lima', 'America/Nowhere', '', 'GMT+25'])('when the time zone is "%s", then it is refused', (time_zone) =>
    expect(mistakes(withBranch({ time_zone }))).toEqual(['branches.0.time_zone']),
  );

  test.each([
    ['an hour past the day', withMonday('09:00', '24:01'), 'hours.monday.closes'],
    ['an opening at the end of the day', withMonday('24:00', '24:00'), 'hours.monday.opens'],
    ['a closing before its opening', withMonday('18:00', '09:00'), 'hours.monday.closes'],
    ['a closing at its opening', withMonday('09:00', '09:00'), 'hours.monday.closes'],
    ['no weekday', withBranch({ hours: {} }), 'hours'],
    ['a congestion that falls', withBranch({ congestion: { medium_from: 30, high_from: 29 } }), 'congestion.high_from'],
    ['a sector twice', withBranch({ sectors: [sector, { ...sector, name: 'Tower B' }] }), 'sectors.1.id'],
    ['a service twice in a sector', withSector({ services: ['7b6', '7b6'] }), 'sectors.0.services.1'],
    ['an hour without a zero', withMonday('9:00', '18:00'), 'hours.monday.opens'],
    ['a weekday that does not exist', withBranch({ hours: { lunes: { opens: '09:00', closes: '18:00' } } }), 'hours'],
    ['a holiday that is no date', withBranch({ holidays: ['2026-02-30'] }), 'holidays.0'],
    ['no open counter', withBranch({ open_counters: 0 }), 'open_counters'],
    ['half a counter', withBranch({ open_counters: 1.5 }), 'open_counters'],
    ['a negative deviation', withBranch({ deviation_minutes: -1 }), 'deviation_minutes'],
    ['a latitude beyond the pole', withBranch({ latitude: 90.1 }), 'latitude'],
    ['a longitude beyond the date line', withBranch({ longitude: -180.1 }), 'longitude'],
    ['a status of its own', withBranch({ status: 'CLOSED' }), 'status'],
    ['a name of 121 characters', withBranch({ name: 'x'.repeat(121) }), 'name'],
    ['a short name of 21 characters', withBranch({ short_name: 'x'.repeat(21) }), 'short_name'],
    ['an address of 101 characters', withBranch({ address: 'x'.repeat(101) }), 'address'],
    ['no sector', withBranch({ sectors: [] }), 'sectors'],
    ['a misspelt sector', withSector({ id: 'S8' }), 'sectors.0.id'],
  ])('when a branch has %s, then the place is named', (_what, content, path) => {
    expect(mistakes(content)).toEqual([`branches.0.${path}`]);
  });

  test.each([
    ['a queue of five letters', { services: [{ ...service, queue: 'TTTTT' }] }, 'services.0.queue'],
    ['a service that takes no time', { services: [{ ...service, mean_minutes: 0 }] }, 'services.0.mean_minutes'],
    [
      'a promotion until a day without a time',
      { promotions: [{ id: 'p', text: 't', until: '2026-12-31' }] },
      'promotions.0.until',
    ],
    ['a customer with a bad phone', { known_customers: [{ id: 'a1', phone: '987' }] }, 'known_customers.0.phone'],
    ['a language by its name', { known_customers: [{ id: 'a1', language: 'español' }] }, 'known_customers.0.language'],
    [
      'a language tag that is none',
      { known_customers: [{ id: 'a1', language: 'es-1' }] },
      'known_customers.0.language',
    ],
    ['a service twice', { services: [service, service] }, 'services.1.id'],
    ['a branch twice', { branches: [branch, branch] }, 'branches.1.id'],
    ['a promotion twice', { promotions: [promotion, promotion] }, 'promotions.1.id'],
    [
      'a promotion of no branch',
      { promotions: [{ ...promotion, branches: ['27b6', 'zz9'] }] },
      'promotions.0.branches.1',
    ],
    ['a promotion of no service', { promotions: [{ ...promotion, services: ['zz9'] }] }, 'promotions.0.services.0'],
    [
      'a promotion that ends as it begins, on another clock',
      { promotions: [{ ...promotion, from: '2026-12-01T00:00:00-05:00', until: '2026-12-01T05:00:00Z' }] },
      'promotions.0.until',
    ],
    ['a customer twice', { known_customers: [{ id: 'a1' }, { id: 'a1' }] }, 'known_customers.1.id'],
    ['a type without a number', { known_customers: [{ id: 'a1', id_type: 'D' }] }, 'known_customers.0.id_type'],
    ['a number without a type', { known_customers: [{ id: 'a1', id_number: '1' }] }, 'known_customers.0.id_number'],
    [
      'an identity document of two customers',
      { known_customers: [{ id: 'a1', ...document }, { id: 'b2' }, { id: 'c3', ...document }] },
      'known_customers.2.id_number',
    ],
    ['a directory of another kind', { customers: 'some' }, 'customers'],
  ])('when there is %s, then the place is named', (_what, changes, path) => {
    expect(mistakes({ ...network, ...changes })).toEqual([path]);
  });

  test.each([
    ['a branch is open around the clock', withMonday('00:00', '24:00')],
    ['two branches have a sector of one id', { ...network, branches: [branch, { ...branch, id: '31a2' }] }],
    ['congestion is never MEDIUM', withBranch({ congestion: { medium_from: 30, high_from: 30 } })],
    ['a promotion has no end', { ...network, promotions: [{ ...promotion, from: '2026-12-01T00:00:00Z' }] }],
    [
      'two documents differ by their type alone',
      {
        ...network,
        known_customers: [
          { id: 'a1', ...document },
          { id: 'b2', ...document, id_type: 'P' },
        ],
      },
    ],
  ])('when %s, then it is taken', (_when, content) => expect(mistakes(content)).toEqual([]));

  test.each([
    [withMonday('18:00', '09:00'), 'the branch must close after it opens, on the same day (24:00 is its end)'],
    [withSector({ services: ['7b6', '7b6'] }), 'the service "7b6" is listed twice'],
    [{ ...network, branches: [branch, branch] }, 'the id "27b6" is there twice'],
    [{ ...network, promotions: [{ ...promotion, branches: ['zz9'] }] }, 'there is no branch "zz9"'],
  ])('when a mistake is refused, then the message says what is wrong (%#)', (content, message) => {
    expect(catalogue.safeParse(content).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  test('when a key is misspelt, then it is refused rather than ignored', () => {
    expect(mistakes({ ...network, promotion: [] })).toEqual(['']);
  });
});
