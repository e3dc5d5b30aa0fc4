import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { brokerAddress, brokerTlsIsWhole, brokerVariables, databaseAddress, mongoUrl } from './addresses.ts';
import { commonConfig, ConfigError, port, readConfig, wholeNumber } from './config.ts';

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

describe('a value in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turno-config-'));
  const file = join(folder, 'token');
  const schema = z.object({ TOKEN: z.string() });
  beforeAll(() => writeFileSync(file, 'out of a file\n'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('when NAME_FILE names it, then it is the value, without its last line break', () => {
    expect(readConfig(schema, { TOKEN_FILE: file })).toEqual({ TOKEN: 'out of a file' });
  });

  test('when both are set, or the file is not there, then the error says so and tells no value', () => {
    expect(failureOf(schema, { TOKEN_FILE: file, TOKEN: 'secret' })).toMatch(/TOKEN and TOKEN_FILE are both set/);
    expect(failureOf(schema, { TOKEN_FILE: join(folder, 'none') })).toMatch(/TOKEN_FILE names a file .*ENOENT/);
  });
});

describe('TLS', () => {
  const schema = z.object(brokerVariables).check(brokerTlsIsWhole);

  test.each([
    ['AMQP_URL', { AMQP_URL: 'amqps://u:secret@host?verify=verify_none' }],
    ['AMQP_CA_FILE', { AMQP_URL: 'amqps://host', AMQP_CA_FILE: '/nowhere/ca.pem' }],
    ['AMQP_CA_FILE', { AMQP_URL: 'amqps://host', AMQP_CA_FILE: import.meta.filename }],
    ['AMQP_KEY_FILE', { AMQP_URL: 'amqps://host', AMQP_KEY_FILE: import.meta.filename }],
  ])('when %s would make it worthless or is no such file, then it is named', (name, env) => {
    const message = failureOf(schema, env);

    expect(message).toContain(`${name} is wrong`);
    expect(message).not.toContain('secret');
  });

  test.each(['tlsInsecure=true', 'tlsAllowInvalidCertificates=true', 'tls=true&tlsAllowInvalidHostnames=1'])(
    'when a database URL says %s, then it is refused',
    (query) => expect(mongoUrl.safeParse(`mongodb://host/db?${query}`).success).toBe(false),
  );

  test('when a database URL says that it is verified, then it is taken', () => {
    expect(mongoUrl.safeParse('mongodb://host/db?tls=true&tlsInsecure=false').success).toBe(true);
  });

  test('when the environment has Node verify nobody, then nothing starts', () => {
    expect(failureOf(z.object({}), { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
  });

  test('when files are named, then addresses have them as the clients know them', () => {
    const AMQP_URL = 'amqps://u:p@host/v?heartbeat=9';
    const address = new URL(brokerAddress({ AMQP_URL, AMQP_CA_FILE: '/ca.pem' }));

    expect(Object.fromEntries(address.searchParams)).toEqual({ heartbeat: '9', cacertfile: '/ca.pem' });
    expect(brokerAddress({ AMQP_URL })).toBe(AMQP_URL);
    expect(databaseAddress('mongodb://a,b/db?replicaSet=r', { MONGO_CA_FILE: '/ca.pem' })).toBe(
      'mongodb://a,b/db?replicaSet=r&tls=true&tlsCAFile=%2Fca.pem',
    );
  });
});
