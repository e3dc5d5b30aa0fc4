import { expect, test } from '@jest/globals';
import { remembered } from './remembered.ts';

test('when a look takes longer than anybody waits, then the next who asks is told what it found', async () => {
  const answer = Promise.withResolvers<number>();
  let looks = 0;
  const ask = remembered(() => (looks++, answer.promise));

  expect(await ask()).toBeUndefined();
  const asking = ask();
  answer.resolve(7);

  expect([await asking, await ask(), looks]).toEqual([7, 7, 1]);
});

test('when it cannot be found out, then that is told as nothing', async () => {
  const ask = remembered(() => Promise.reject(new Error('away')));

  expect(await ask()).toBeUndefined();
});
