import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Catalogue } from '@turno/shared';
import { diffText } from './catalogue-diff-text.ts';
import { changesBetween } from './catalogue-diff.ts';
import { catalogueText } from './catalogue-export.ts';
import { catalogueOf, readCatalogue } from './catalogue-file.ts';

let demo: Catalogue;
beforeAll(async () => {
  demo = await readCatalogue(join(import.meta.dirname, '../../../catalogue/demo.yaml'));
});

const diff = (before: Catalogue | undefined, after: Catalogue): string[] => diffText(changesBetween(before, after));

/** The demo catalogue with another first branch. */
function withBranch(change: (branch: Catalogue['branches'][number]) => object): Catalogue {
  const [first, ...others] = demo.branches;
  return { ...demo, branches: [{ ...first!, ...change(first!) }, ...others] };
}

describe('what an import changes', () => {
  test('when nothing is different but the customers, then nothing is shown', () => {
    expect(diff(demo, { ...structuredClone(demo), known_customers: [] })).toEqual([]);
  });

  test('when it is the first import, then all that comes is shown, a branch with its sectors as one', () => {
    const lines = diff(undefined, demo);

    expect(lines).toContain('+ branch 27b6 Hiper Central');
    expect(lines).toHaveLength(1 + demo.services.length + demo.branches.length + demo.promotions.length);
    expect(lines.every((line) => line.startsWith('+ '))).toBe(true);
  });

  test('when fields of a branch change, then each is shown with its old and its new value', () => {
    const after = withBranch(({ hours: { saturday: _closed, ...hours } }) => ({
      status: 'CLOSE',
      hours: { ...hours, monday: { opens: '09:00', closes: '24:00' }, sunday: { opens: '10:00', closes: '12:00' } },
      holidays: ['2026-12-25'],
    }));

    expect(diff(demo, after)).toEqual([
      '~ branch 27b6 Hiper Central',
      '    status: OPEN -> CLOSE',
      '    hours.monday.closes: 18:00 -> 24:00',
      '    hours.saturday: { opens: 09:00, closes: 13:00 } -> (none)',
      '    hours.sunday: (none) -> { opens: 10:00, closes: 12:00 }',
      '    holidays: [2026-12-25, 2027-01-01] -> [2026-12-25]',
    ]);
  });

  test('when sectors come, go and change, then each is shown below its branch', () => {
    const after = withBranch(({ sectors: [first, second] }) => ({
      sectors: [
        { ...first, services: ['7b6'] },
        { ...second, id: 's7' },
      ],
    }));

    expect(diff(demo, after)).toEqual([
      '- sector 27b6/s9 Tower B',
      '~ sector 27b6/s8 Tower A',
      '    services: [7b6, 7c1] -> [7b6]',
      '+ sector 27b6/s7 Tower B',
    ]);
  });

  test('when a branch goes, a service is slower and a promotion is new, then that is all', () => {
    const [first, ...services] = demo.services;
    const after = {
      ...demo,
      customers: 'open' as const,
      services: [{ ...first!, mean_minutes: 30 }, ...services],
      branches: demo.branches.slice(0, -1),
      promotions: [...demo.promotions, { id: 'new', text: 'Hello' }],
    };

    expect(diff(demo, after)).toEqual([
      '~ network settings',
      '    customers: known -> open',
      '~ service 7b6 Plataforma',
      '    mean_minutes: 25 -> 30',
      '- branch 90vd Turno Directo',
      '+ promotion new Hello',
    ]);
  });

  test('when only the order of the promotions changes, then that is shown, since messages come in it', () => {
    const after = { ...demo, promotions: demo.promotions.toReversed() };
    const ids = demo.promotions.map(({ id }) => id);

    expect(diff(demo, after)).toEqual([
      '~ promotion order',
      `    ids: ${ids.join(', ')} -> ${ids.toReversed().join(', ')}`,
    ]);
  });
});

describe('an exported catalogue', () => {
  test.each(['yaml', 'json'] as const)(
    'when it is read again from %s, then it is the same without customers',
    (format) => {
      const again = catalogueOf(catalogueText(demo, format), `network.${format}`);

      expect(again).toEqual({ ...demo, known_customers: [] });
    },
  );

  test('when it is YAML, then its head says that the customers are not there', () => {
    expect(catalogueText(demo, 'yaml')).toMatch(/^# .+\n?.*customers are not part of it/);
    expect(catalogueText(demo, 'yaml')).not.toContain('a9087s902m');
  });
});
