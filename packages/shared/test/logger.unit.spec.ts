import { describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { createLogger, logLevelOf } from '../src/logger.ts';
import { mask } from '../src/masking.ts';

describe('mask', () => {
  test.each([
    ['+51987776576', '+51*******76'],
    ['10203040', '******40'],
    ['123456', '****56'],
    ['12345', '*****'],
    ['+1', '**'],
    ['', ''],
    [10_203_040, '******40'],
  ])('when a log line would hold %p, then it holds %p', (value, masked) => {
    expect(mask(value)).toBe(masked);
  });

  test('when two numbers of one country are logged, then their ends tell them apart', () => {
    expect(mask('+51987776576')).not.toBe(mask('+51987776577'));
  });
});

/** A logger and the lines that it has written, parsed. */
function written(level: string) {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { logger: createLogger('spec', level, { write }), lines };
}

describe('a log line', () => {
  test('when it is about a person, then phones, document numbers and names are masked, also one level down', () => {
    const { logger, lines } = written('info');

    logger.child({ phone: '+51987776576' }).info({ id_number: '10203040', customer: { name: 'Ana Quispe' } }, 'told');

    expect(lines).toEqual([
      expect.objectContaining({
        service: 'spec',
        level: 'info',
        phone: '+51*******76',
        id_number: '******40',
        customer: { name: 'Ana*****pe' },
      }),
    ]);
  });

  test('when an error or a reason quotes a phone, then it is masked, wherever in the error it is', () => {
    const { logger, lines } = written('info');
    const error = Object.assign(new Error('dup key: { to: "+51987776576" }'), { keyValue: { to: '+51987776576' } });

    logger.error({ err: error, reason: 'no way to reach +51987776576' }, 'failed');

    expect(JSON.stringify(lines)).not.toContain('987776576');
    expect(lines[0]).toMatchObject({ reason: 'no way to reach +51*******76', err: { type: 'Error' } });
  });
});

test('when an error holds the documents of a failed write, then none of them is logged', () => {
  const { logger, lines } = written('info');
  const document = { to: '+51987776576', text: 'Su turno es T2', holder: 'document:D:10203040' };
  const error = Object.assign(new Error('not authorized'), { code: 13, codeName: 'Unauthorized', results: [document] });

  logger.error({ err: error }, 'failed');

  expect(lines[0]).toMatchObject({ err: { message: 'not authorized', code: 13, codeName: 'Unauthorized' } });
  expect(JSON.stringify(lines)).not.toMatch(/10203040|Su turno/);
});

test.each([
  ['a key that is there already', 'E11000 … index: by_holder dup key: { holder: "document:D:AB4455667" } of 1'],
  ['what could not be cast', 'Cast to Number failed for value "AB4455667" (type string) at path "number"'],
  ['a phone without its plus', 'the number 51987776576 is not known to the carrier'],
  ['a phone in a path', 'GET /customer/v1/tickets/%2B51987776576/10203040'],
  ['a body that does not parse', `Unexpected token 'x', "{"phone":"+51987776576"" is not valid JSON`],
])('when an error quotes %s, then nothing of it can be read in the log', (_what, message) => {
  const { logger, lines } = written('info');

  logger.error({ err: new Error(message), reason: message, path: message, customer: { why: message } }, 'failed');

  expect(JSON.stringify(lines)).not.toMatch(/4455667|987776576|10203040/);
});

test('when an error has fields of what it was given, then they are not told', () => {
  const { logger, lines } = written('info');
  const given = { value: 'Ana', stringValue: '"Ana"', phone: '+51987776576', code: 'ECAST' };

  logger.error({ err: Object.assign(new Error('no'), given), text: 'Su turno es T2' }, 'failed');

  expect(lines[0]).toMatchObject({ err: { code: 'ECAST' }, text: '(15 characters)' });
  expect(JSON.stringify(lines)).not.toMatch(/Ana|987776576|Su turno/);
});

test('when a reason tells of ports, codes, times and ids, then they can be read', () => {
  const reason = 'connect ECONNREFUSED 127.0.0.1:27017 (21211) after 10000 ms, ticket 89m32b0998, 2026-11-24T17:00:00Z';
  const { logger, lines } = written('info');

  logger.warn({ reason }, 'away');

  expect(lines[0]).toMatchObject({ reason });
});

describe('the level', () => {
  test('when it is changed, then children that are there already write by the new one', () => {
    const { logger, lines } = written('info');
    const child = logger.child({ connection: 'gateway' });

    child.debug('before');
    logLevelOf(child).change('debug');
    child.debug('while');
    logLevelOf(logger).change('error');
    child.warn('after');

    expect(lines.map(({ msg }) => msg)).toEqual(['while']);
  });

  test('when it was changed for a time, then it goes back to the configured one by itself', async () => {
    const { logger, lines } = written('info');
    const level = logLevelOf(logger);

    level.change('trace');
    level.change('debug', 30);
    expect(level.until).toBeInstanceOf(Date);
    await eventually(() => level.name === 'info');
    logger.debug('after');

    expect([level.until, lines]).toEqual([undefined, []]);
  });
});
