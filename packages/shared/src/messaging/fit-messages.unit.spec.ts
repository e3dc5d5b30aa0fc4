import { expect, test } from '@jest/globals';
import { fitMessages, maxCallsPerMessage } from './fit-messages.ts';

const messagesOf = (lengths: readonly number[]) => [...fitMessages(lengths, (length) => length)];

test('when there are more than a message may have, then there are more messages, in order', () => {
  const group = Array.from({ length: 2 * maxCallsPerMessage + 1 }, (_, index) => index);

  const messages = messagesOf(group);

  expect(messages.map(({ length }) => length)).toEqual([maxCallsPerMessage, maxCallsPerMessage, 1]);
  expect(messages.flat()).toEqual(group);
});

test('when they are long together, then they go in several, and one that is too long by itself goes alone', () => {
  expect(messagesOf([40_000, 20_000, 10_000, 300_000, 1, 2])).toEqual([[40_000, 20_000], [10_000], [300_000], [1, 2]]);
});

test('when there is nothing, then there is no message', () => {
  expect(messagesOf([])).toEqual([]);
});
