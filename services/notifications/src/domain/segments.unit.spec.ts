import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { measured } from './segments.ts';

const often = 'abcXYZ 0189.,:¿?ñÑéèüà@_'.split('');
const seldom = ['€', '[', 'á', 'ç', '\n', '\r\n', '$', '—', 'ت', '👍', '👩‍👧', 'e\u0301', '\u0000'];

describe('measured', () => {
  test.each([
    ['a'.repeat(160), 1, 'GSM-7'],
    ['a'.repeat(161), 2, 'GSM-7'],
    ['a'.repeat(306), 2, 'GSM-7'],
    ['a'.repeat(307), 3, 'GSM-7'],
    ['á'.repeat(70), 1, 'UCS-2'],
    ['á'.repeat(71), 2, 'UCS-2'],
    ['€'.repeat(80), 1, 'GSM-7'],
    ['€'.repeat(81), 2, 'GSM-7'],
  ])('when a text is %s, then it is %d segments of %s', (text, segments, encoding) => {
    expect(measured(text)).toEqual({ text, segments, encoding });
  });

  test('when a text is any, then its segments are those that the library counts', () => {
    const common = string({ unit: constantFrom(...often), maxLength: 400 });
    const mixed = string({ unit: constantFrom(...often, ...seldom), maxLength: 400 });
    assert(
      property(oneof(common, mixed), (text) => {
        const { segmentsCount, encodingName } = new SegmentedMessage(text);
        expect(measured(text)).toEqual({ text, segments: segmentsCount, encoding: encodingName });
      }),
      { numRuns: 300 },
    );
  });
});
