import { expect, test } from '@jest/globals';
import { Room } from './room.ts';

/** Work that is begun, and ends when it is told to. */
function work(room: Room) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const begin = (n: number): Promise<void> =>
    room.within(() => {
      begun.push(n);
      return new Promise((resolve) => ends.push(resolve));
    });
  return { begun, begin, endNext: () => ends.shift()?.() };
}

test('when there is room for two, then the third begins once one of them has ended', async () => {
  const room = new Room(2);
  const { begun, begin, endNext } = work(room);
  const [first] = [1, 2, 3, 4].map(begin);
  expect(begun).toEqual([1, 2]);

  endNext();
  await first;

  expect(begun).toEqual([1, 2, 3]);
  expect(room.inside).toBe(2);
});

test('when work fails, then its place is free again', async () => {
  const room = new Room(1);

  await expect(room.within(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');

  expect(room.inside).toBe(0);
  await expect(room.within(async () => 7)).resolves.toBe(7);
});
