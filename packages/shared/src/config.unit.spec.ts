import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { commonConfig, ConfigError, mongoUrl, port, readConfig, wholeNumber } from './config.ts';

function failureOf(schema: z.ZodObject, env: NodeJS.ProcessEnv): string {
  try {
    readConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('readConfig', () => {
  test('when all is well, then numbers are numbers and defaults fill in', () => {
    const config = readConfig(z.object(commonConfig), { AMQP_URL: 'amqp://broker', SHUTDOWN_TIMEOUT_MS: '500' });

    expect(config).toMatchObject({
      AMQP_URL: 'amqp://broker',
      LOG_LEVEL: 'info',
      OPS_HOST: '127.0.0.1',
      SHUTDOWN_TIMEOUT_MS: 500,
    });
  });

  test('when several variables are missing, then the error names each on a line of its own', () => {
    const message = failureOf(z.object({ AMQP_URL: z.string(), TOKEN: z.string(), MORE: z.string().optional() }), {});

    expect(message.split('\n').slice(1)).toEqual(['  AMQP_URL is not set', '  TOKEN is not set']);
  });

  test('when a variable is set to nothing, then it counts as not set', () => {
    expect(failureOf(z.object({ TOKEN: z.string() }), { TOKEN: '' })).toContain('TOKEN is not set');
  });

  test.each([
    ['a URL of another kind', commonConfig.AMQP_URL, 'https://user:secret@broker'],
    ['no URL at all', commonConfig.AMQP_URL, 'secret'],
    ['a log level that does not exist', commonConfig.LOG_LEVEL, 'secret'],
    ['a number that is none', wholeNumber(), '12secret'],
    ['a database URL without a database', mongoUrl, 'mongodb://user:secret@host'],
  ])('when a variable holds %s, then the error names it and keeps its value to itself', (_what, schema, value) => {
    const message = failureOf(z.object({ SETTING: schema }), { SETTING: value });

    expect(message).toContain('SETTING is wrong: ');
    expect(message).not.toContain('secret');
  });

  test('when the environment holds other variables, then they are left alone', () => {
    expect(readConfig(z.object({ A: z.string() }), { A: '1', B: '2' })).toEqual({ A: '1' });
  });
});

describe('the kinds of variables', () => {
  test.each(['mongodb://host/turno', 'mongodb://u:p@a,b:27018/turno?replicaSet=rs0', 'mongodb+srv://host/turno'])(
    'when a database URL is %s, then it is taken',
    (url) => expect(mongoUrl.safeParse(url).success).toBe(true),
  );

  test.each(['mongodb://host', 'mongodb://host/', 'mongodb://host/?a=b', 'postgres://host/turno'])(
    'when a database URL is %s, then it is refused',
    (url) => expect(mongoUrl.safeParse(url).success).toBe(false),
  );

  test.each(['amqp://host', 'amqps://user:password@host:5671/vhost?heartbeat=5'])(
    'when a broker URL is %s, then it is taken',
    (url) => expect(commonConfig.AMQP_URL.safeParse(url).success).toBe(true),
  );

  test.each([
    ['0', 0],
    ['65535', 65_535],
  ])('when a port is %s, then it is taken', (text, number) => expect(port.parse(text)).toBe(number));

  test.each(['65536', '-1', '3.5', '', ' 80', '0x50'])('when a port is "%s", then it is refused', (text) =>
    expect(port.safeParse(text).success).toBe(false),
  );
});
