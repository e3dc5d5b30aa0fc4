import { describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { createLogger, logLevelOf } from '../src/logger.ts';
import { mask } from '../src/masking.ts';

describe('mask', () => {
  test.each([
    ['+51987776576', '+51*******76'],
    ['10203040', '102***40'],
    ['123456', '123*56'],
    ['12345', '*****'],
    ['+1', '**'],
    ['', ''],
    [10_203_040, '102***40'],
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
        id_number: '102***40',
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
