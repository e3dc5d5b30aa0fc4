import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@turno/shared';
import { gatewayConfig } from '../config.ts';
import { algorithmsOf, methodsOf } from './auth-config.ts';

const read = (env: NodeJS.ProcessEnv) => readConfig(gatewayConfig, { AMQP_URL: 'amqp://broker', ...env });
const production = { NODE_ENV: 'production' };
const jwt = { AUTH: 'jwt', JWT_ISSUER: 'https://login.example', JWT_AUDIENCE: 'turno' };

describe('AUTH', () => {
  test.each([
    ['is not set outside production', {}, []],
    ['is none', { AUTH: 'none', ...production }, []],
    ['is api-keys', { AUTH: 'api-keys', ...production }, ['api-keys']],
    ['names both', { ...jwt, AUTH: 'api-keys, jwt', ...production }, ['api-keys', 'jwt']],
  ])('when it %s, then callers show that', (_what, env, methods) => {
    expect(methodsOf(read(env))).toEqual(methods);
  });

  test('when it is not set in production, then the gateway does not start, and names it', () => {
    expect(() => read(production)).toThrow('AUTH is not set: none, api-keys, jwt, or api-keys,jwt is expected');
  });

  test.each(['basic', 'none,api-keys', 'api-keys;jwt', 'true'])('when it is %s, then it is wrong', (AUTH) => {
    expect(() => read({ AUTH })).toThrow('AUTH is wrong');
  });
});

describe('tokens', () => {
  test.each(['JWT_ISSUER', 'JWT_AUDIENCE'])('when %s is missing, then it is named', (name) => {
    expect(() => read({ ...jwt, [name]: '' })).toThrow(`${name} is not set: AUTH=jwt needs it`);
  });

  test.each(['none', 'HS256', 'RS256,HS512', 'rs256'])('when JWT_ALGORITHMS has %s, then it is refused', (name) => {
    expect(() => read({ ...jwt, JWT_ALGORITHMS: name })).toThrow('JWT_ALGORITHMS is wrong');
  });

  test('when nothing is said of algorithms, then two by private keys are taken', () => {
    expect(algorithmsOf(read(jwt))).toEqual(['RS256', 'ES256']);
  });

  test('when the issuer is not on https, then production refuses it', () => {
    const open = { ...jwt, JWT_ISSUER: 'http://login.example' };
    expect(() => read({ ...open, ...production })).toThrow('JWT_ISSUER is wrong: an https:// URL is expected');
    expect(() => read(open)).not.toThrow();
  });
});
