import { describe, expect, test } from '@jest/globals';
import { requestKeyOf } from '../request-key.ts';
import { idempotencyKey } from './idempotency-key.ts';

/** The request key for the header as it came over the wire. */
const keyFor = (header?: string): string => requestKeyOf(idempotencyKey.parse(header));

describe('requestKeyOf', () => {
  test('when the caller sends a key, then it is the request key', () => {
    expect(keyFor('8e03978e-40d5')).toBe('caller:8e03978e-40d5');
  });

  test('when the key is quoted, as the draft has it, then it is the same key', () => {
    expect(keyFor('"8e03978e-40d5"')).toBe(keyFor('8e03978e-40d5'));
  });

  test('when the caller sends none, then every request has one of ours', () => {
    const [first, second] = [keyFor(), keyFor()];

    expect(first).toMatch(/^own:[0-9a-z]{24}$/);
    expect(second).not.toBe(first);
  });

  test('when a caller imitates a key of ours, then it is still a key of the caller', () => {
    expect(keyFor('own:abc')).toBe('caller:own:abc');
  });

  test('when several callers send one key, then each has its own, and nobody can imitate another', () => {
    const mobile = { kind: 'channel', key_id: 'k1', channel: 'mobile' } as const;
    const rosa = { kind: 'customer', customer_id: 'rosa0417' } as const;
    const keys = [
      requestKeyOf('a:b', mobile),
      requestKeyOf('b', { ...mobile, channel: 'mobile:a' }),
      requestKeyOf('a:b', rosa),
      requestKeyOf('b', { ...rosa, customer_id: 'rosa0417a' }),
      requestKeyOf('channel:mobile:a:b'),
    ];

    expect(new Set(keys).size).toBe(keys.length);
    expect(requestKeyOf('a:b', { ...mobile, key_id: 'k2' })).toBe(keys[0]);
    expect(keys.join()).not.toContain('rosa');
  });

  test.each(['k', 'k'.repeat(255), `"${'k'.repeat(255)}"`, '!~/+='])('when the key is %s, then it is taken', (key) => {
    expect(keyFor(key)).toMatch(/^caller:/);
  });

  test.each(['', '""', 'k'.repeat(256), `"${'k'.repeat(256)}"`, 'two words', 'ñ', 'tab\tbed'])(
    'when the key is %j, then it is refused',
    (key) => {
      expect(() => keyFor(key)).toThrow('Invalid Idempotency-Key.');
    },
  );
});
