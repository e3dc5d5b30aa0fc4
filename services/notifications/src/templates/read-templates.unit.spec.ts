import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readTemplates } from './read-templates.ts';

let folder: string;
const spanish = await readFile(new URL('../../templates/es.yaml', import.meta.url), 'utf8');
const put = (name: string, text: string) => writeFile(join(folder, name), text);
const values = { turn: 'T2', branch: 'Hiper', sector: 'A', service: 'Caja' };
const turnIn = async (language: string) =>
  (await readTemplates(folder)).find((template) => template.language === language)?.turn(values);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'templates-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the operator's templates", () => {
  test('when there is a file for a new language, then it is there beside those of the service', async () => {
    await put('pt-br.yaml', spanish.replace('Su turno es {turn} en', 'Sua senha é {turn} em'));

    expect((await readTemplates(folder)).map(({ language }) => language).toSorted()).toEqual(['en', 'es', 'pt-BR']);
    expect(await turnIn('pt-BR')).toBe('Sua senha é T2 em Hiper, A, Caja.');
  });

  test('when there is a file for a language of the service, then it stands in its place', async () => {
    await put('es.yml', spanish.replace('Su turno es {turn} en', 'Le toca {turn} en'));

    expect(await turnIn('es')).toBe('Le toca T2 en Hiper, A, Caja.');
  });
});

describe('a template that is wrong', () => {
  const of = (from: string | RegExp, to: string) => spanish.replace(from, to);

  test.each([
    [
      'an unknown placeholder',
      of('{turn}', '{tunr}'),
      ':2:7 turn: there is no placeholder {tunr} here, only {turn}, {br',
    ],
    ['a missing placeholder', of(', {service}', ''), ':2:7 turn: the placeholder {service} is missing'],
    [
      'a placeholder where there is none',
      of('Sin', 'Sin {low}'),
      ':7:12 wait_none: there is no placeholder {low} here',
    ],
    [
      'a brace that is left open',
      of('{time}.', '{time.'),
      ':3:14 opens_today: no message of ICU MessageFormat, at char',
    ],
    ['an apostrophe before a brace', of('es {turn} en', "es d''{turn} en"), 'an apostrophe before a brace quotes it'],
    ['a date that is a text', of('{day}', '{day, date}'), 'opens_later: '],
    ['no sentence of a kind', of(/^wait_none.*$/m, ''), ':1:1 wait_none: is missing'],
    ['an empty sentence', of(/^wait_none.*$/m, "wait_none: ' '"), ':7:12 wait_none: is empty'],
    [
      'a number for a sentence',
      of(/^wait_none.*$/m, 'wait_none: 7'),
      'wait_none: a text is expected: put it in quotes',
    ],
    ['a sentence of another name', `${spanish}wait: ''\n`, ':10:7 wait: there is no such sentence'],
    ['no YAML', of("'Su", '"Su'), ':10:1: Missing closing "quote'],
    ['no sentences at all', '- es\n', ':1:1: a sentence for each name is expected'],
    ['nothing', '', ':1:1: a sentence for each name is expected'],
  ])('when it has %s, then the start ends with file, line and sentence', async (_what, text, message) => {
    await put('qu.yaml', text);

    await expect(readTemplates(folder)).rejects.toMatchObject({ name: 'ConfigError' });
    await expect(readTemplates(folder)).rejects.toThrow(`${folder}/qu.yaml`);
    await expect(readTemplates(folder)).rejects.toThrow(message);
  });

  test('when several files are wrong, then each has its lines', async () => {
    await put('qu.yaml', '{}');
    await put('es_PE.yaml', spanish);

    await expect(readTemplates(folder)).rejects.toThrow(
      /es_PE\.yaml: its name is no language tag.*\n(.*qu\.yaml.*\n?){7}/,
    );
  });

  test('when the folder has no template, or is not there, then that is said', async () => {
    await expect(readTemplates(folder)).rejects.toThrow(`${folder} has no template`);
    await expect(readTemplates(join(folder, 'none'))).rejects.toThrow('none cannot be read: ENOENT');
  });
});
