import { expect, test } from '@jest/globals';
import { ShortLivedMap } from './short-lived-map.ts';

test('when something is put in, then it is there until it is taken out, once', () => {
  const map = new ShortLivedMap<string, number>();
  map.set('a', 1);
  map.set('b', 2);

  expect([map.size, ...map.keys(), ...map.values()]).toEqual([2, 'a', 'b', 1, 2]);
  expect([map.get('a'), map.take('a'), map.get('a'), map.take('a')]).toEqual([1, 1, undefined, undefined]);
  expect([map.size, ...map.values()]).toEqual([1, 2]);
});

test('when keys are taken out while they are gone through, then each is met once', () => {
  const map = new ShortLivedMap<number, string>();
  for (const key of [1, 2, 3]) map.set(key, String(key));

  const taken: unknown[] = [];
  for (const key of map.keys()) taken.push(map.take(key));

  expect(taken).toEqual(['1', '2', '3']);
  expect(map.size).toBe(0);
});
