import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { catalogueOf, readCatalogue } from './catalogue-file.ts';

const demoFile = join(import.meta.dirname, '../../../catalogue/demo.yaml');
let demo: string;
let folder: string;

beforeAll(async () => {
  demo = await readFile(demoFile, 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'turno-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is said of a text, without the line above the mistakes. */
function mistakes(text: string, file = 'network.yaml'): string[] {
  try {
    catalogueOf(text, file);
    return [];
  } catch (error) {
    const [first, ...lines] = (error as Error).message.split('\n');
    return lines.length > 0 ? lines.map((line) => line.trim()) : [first!];
  }
}

/** Line and column of a piece of text. */
function placeOf(text: string, piece: string): string {
  const before = text.slice(0, text.indexOf(piece)).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

describe('a catalogue file', () => {
  test('when it is JSON, with tabs, then it is read as well', () => {
    const json = JSON.stringify(catalogueOf(demo, demoFile), undefined, '\t');

    expect(catalogueOf(json, 'network.json')).toEqual(catalogueOf(demo, demoFile));
  });

  test('when more than a hundred branches share their hours by an alias, then it is read', () => {
    const { branches, ...rest } = catalogueOf(demo, demoFile);
    const { hours } = branches[0]!;
    const many = Array.from({ length: 150 }, (_, i) => ({ ...branches[0]!, id: `b${i}`, hours }));
    const text = stringify({ ...rest, promotions: [], branches: many });

    expect(text).toContain('*a1');
    expect(catalogueOf(text, 'network.yaml').branches).toHaveLength(150);
  });

  test('when a sector offers a service that does not exist, then file, line, column, path and the service are named', () => {
    const text = demo.replace('services: [7b6, 7c1]', 'services: [7b6, zz9]');

    expect(mistakes(text)).toEqual([
      `network.yaml:${placeOf(text, 'zz9')} branches.0.sectors.0.services.1: there is no service "zz9"`,
    ]);
  });

  test('when a field is missing, misspelt or no text, then each is told with its own place, in the order of the file', () => {
    const text = demo.replace('code: AG001', 'cod: AG001').replace('short_name: Hiper', 'short_name: 12');

    expect(mistakes(text)).toEqual([
      `network.yaml:${placeOf(text, 'id: 27b6')} branches.0.code: is missing`,
      `network.yaml:${placeOf(text, '12\n')} branches.0.short_name: text is expected: put 12 in quotes`,
      `network.yaml:${placeOf(text, 'cod: AG001')} branches.0.cod: there is no such field`,
    ]);
  });

  test('when the mistake is behind an alias, then the place is that of what the alias stands for', () => {
    const text = 'services: &none []\nbranches: *none\n';

    expect(mistakes(text).map((line) => line.split(': ')[0])).toEqual([
      'network.yaml:1:17 services',
      'network.yaml:1:17 branches',
    ]);
  });

  test('when there are more mistakes than anybody reads, then fifty are shown and the rest is counted', () => {
    const lines = mistakes(`${demo}\n${Array.from({ length: 60 }, (_, i) => `key${i}: 1`).join('\n')}`);

    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe('… and 10 more');
  });
});

describe('a file that is no catalogue at all', () => {
  test('when the YAML has several errors, then all are told with line and column', () => {
    const lines = mistakes('customers: known\ncustomers: open\nservices: [1, 2\nbranches: {\n');

    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toBe('network.yaml:2:1: Map keys must be unique');
    expect(lines.every((line) => /^network\.yaml:\d+:\d+: \w/.test(line))).toBe(true);
  });

  test.each([
    ['a list', '[]', '1:1: Invalid input: expected object, received array'],
    ['JSON that ends too early', '{"services": [', '1:15: '],
  ])('when it is %s, then that is told with its place', (_what, text, message) => {
    expect(mistakes(text, 'network.json')[0]).toContain(`network.json:${message}`);
  });

  test.each([
    ['empty', ''],
    ['a remark only', '# nothing yet\n'],
  ])('when it is %s, then that is one line', async (_what, text) => {
    const file = join(folder, 'empty.yaml');
    await writeFile(file, text);

    await expect(readCatalogue(file)).rejects.toThrow(`${file}: the file is empty, a catalogue is expected`);
  });

  test.each([
    ['missing', 'nowhere.yaml', 'there is no such file'],
    ['a directory', '.', 'that is a directory, a file is expected'],
  ])('when it is %s, then that is one line', async (_what, name, message) => {
    const file = join(folder, name);

    await expect(readCatalogue(file)).rejects.toThrow(`${file}: ${message}`);
  });
});
