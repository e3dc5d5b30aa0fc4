import { expect, test } from '@jest/globals';
import { consentIn } from './consent-keywords.ts';

test.each([
  ['STOP', false],
  [' stop\n', false],
  ['Unsubscribe!', false],
  ['baja', false],
  ['start', true],
  ['UNSTOP.', true],
  ['yes', undefined],
  ['do not stop', undefined],
  ['', undefined],
])('when a phone answers "%s", then that says of promotions: %p', (text, allowed) => {
  expect(consentIn(text)).toBe(allowed);
});
