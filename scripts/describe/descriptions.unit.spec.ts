import { expect, test } from '@jest/globals';
import { committed, descriptions, textOf } from './descriptions.ts';

test.each(descriptions)('when $file is read, then it is what the sources say now', async (description) => {
  const isCurrent = (await committed(description)) === textOf(description);

  // Told in words, and not as a difference of a thousand lines.
  const advice = `${description.file} is not what the sources say: renew it with "npm run describe", and commit it`;
  expect(isCurrent ? '' : advice).toBe('');
});
