import { describe, expect, test } from '@jest/globals';
import { documentedErrors, type DocumentedError } from './documented-errors.ts';

const errors = Object.entries<DocumentedError>(documentedErrors);

describe('the documented errors', () => {
  test('when two are compared, then their codes differ', () => {
    const codes = errors.map(([, { code }]) => code);

    expect(new Set(codes).size).toBe(codes.length);
  });

  test.each(errors)(
    'when %s is looked up, then its code has four characters and its page has all to say',
    (_name, error) => {
      expect(error.code).toMatch(/^[0-9a-z]{4}$/);
      expect(error.whatHappened).not.toBe('');
      expect(error.whatToDo).not.toBe('');
    },
  );

  test('when it is a 5xx, then it says the very words that clients match on', () => {
    const messages = errors.filter(([, { status }]) => status >= 500).map(([, { message }]) => message);

    expect(messages.length).toBeGreaterThan(0);
    expect(new Set(messages)).toEqual(new Set(['An error has ocurred.']));
  });

  test('when it is the plain internal error, then its code is that of the contract', () => {
    expect(documentedErrors.INTERNAL).toMatchObject({ status: 500, code: 'ab90' });
  });

  test('when it is a 4xx, then its message is its own', () => {
    const messages = errors.filter(([, { status }]) => status < 500).map(([, { message }]) => message);

    expect(new Set(messages).size).toBe(messages.length);
  });
});
