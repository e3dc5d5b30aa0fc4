import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { columnsOf, rowsOf } from './customers-file.ts';
import { linesOf, type FileLine } from './file-lines.ts';
import { progressText } from './progress.ts';

const header = columnsOf('id,id_type,id_number,phone,language,promotions');
const rows = (...texts: string[]) =>
  rowsOf(
    texts.map((text, i) => ({ line: i + 2, text, endsAt: 0 })),
    header,
  );

describe('the header of a customers file', () => {
  test.each(['id', 'phone,id', '\uFEFFid,phone', ' ID , Phone ', '"id";"phone"'])(
    'when it is %s, then its columns are known by name',
    (text) => expect(columnsOf(text)).toContain('id'),
  );

  test.each([
    ['id,telefono', 'there is no column "telefono"'],
    ['id,phone,id', 'the column "id" is there twice'],
    ['phone,language', 'the column "id" is missing'],
  ])('when it is %s, then what is wrong is named', (text, message) => {
    expect(() => columnsOf(text)).toThrow(message);
  });
});

describe('the rows of a customers file', () => {
  test('when every field is there, then they are all taken', () => {
    expect(rows('a1,D,10203040,+51987776576,en,false')).toEqual([
      {
        line: 2,
        customer: {
          id: 'a1',
          id_type: 'D',
          id_number: '10203040',
          phone: '+51987776576',
          language: 'en',
          promotions: false,
        },
      },
    ]);
  });

  test.each(['a1,,,,,', '"a1";;;;;', ' a1 , , , , , '])(
    'when all but the id is empty (%s), then the rest has its defaults',
    (text) => {
      expect(rows(text)).toEqual([{ line: 2, customer: { id: 'a1', language: 'es', promotions: true } }]);
    },
  );

  test('when lines are empty, then they are no rows, and the lines after them keep their numbers', () => {
    expect(rows('', 'a1,,,,,', '  ', 'a2,,,,,').map(({ line }) => line)).toEqual([3, 5]);
  });

  test.each([
    ['a bad phone', 'a1,,,987,,', 'phone: Invalid phone.'],
    ['no id', ',,,+51987776576,,', 'id: Invalid customer ID.'],
    ['a type without a number', 'a1,D,,,,', 'id_type: there is an id_type without an id_number'],
    ['an answer of its own', 'a1,,,,,maybe', 'promotions: true or false is expected'],
    ['two mistakes', 'a-1,,,987,,', 'id: Invalid customer ID.; phone: Invalid phone.'],
    ['too few columns', 'a1,D', 'the header has 6 columns, the row has 2'],
    ['a quote that is not closed', '"a1,,,,,', 'not CSV: Quote Not Closed'],
  ])('when one has %s, then it alone is rejected, with the reason', (_what, text, reason) => {
    const [before, bad, after] = rows('b1,,,,,', text, 'c1,,,,,');

    expect(bad).toEqual({ line: 3, reason: expect.stringContaining(reason) });
    expect([before, after].every((row) => row && 'customer' in row)).toBe(true);
  });
});

describe('the lines of a file', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'turno-lines-'))));
  afterAll(() => rm(folder, { recursive: true }));

  async function linesOfText(text: string, chunkSize: number): Promise<FileLine[]> {
    const file = join(folder, 'lines.csv');
    await writeFile(file, text);
    await using handle = await open(file);
    const lines: FileLine[] = [];
    for await (const line of linesOf(handle, chunkSize)) lines.push(line);
    return lines;
  }

  test.each([1, 2, 3, 7, 65_536])(
    'when it is read %d bytes at a time, then lines and their ends are the same',
    async (size) => {
      expect(await linesOfText('id\r\nñandú\n\nlast', size)).toEqual([
        { line: 1, text: 'id', endsAt: 4 },
        { line: 2, text: 'ñandú', endsAt: 12 },
        { line: 3, text: '', endsAt: 13 },
        { line: 4, text: 'last', endsAt: 17 },
      ]);
    },
  );

  test('when a line has megabytes, then nothing of it is kept, and the next line is read', async () => {
    const long = 'x'.repeat(2_000_000);

    expect(await linesOfText(`id\n${long}\na1\n`, 65_536)).toEqual([
      { line: 1, text: 'id', endsAt: 3 },
      { line: 2, text: undefined, endsAt: 2_000_004 },
      { line: 3, text: 'a1', endsAt: 2_000_007 },
    ]);
  });
});

describe('progress', () => {
  test.each([
    [{ count: 1_000, share: 0.1 }, 0, '1,000 customers (10 %)'],
    [{ count: 5_000, share: 0.5 }, 4, '5,000 customers (50 %), 1,000 a second, 5 s to go'],
    [{ count: 1_001, share: 0.1001 }, 1, '1,001 customers (10 %), 1 a second, 150 min to go'],
  ])('when %o is reached after %d s, then count, rate and time to go are shown', (now, seconds, text) => {
    expect(progressText(now, { count: 1_000, share: 0.1 }, seconds, 'customers')).toBe(text);
  });
});
