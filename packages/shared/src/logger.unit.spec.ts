import { describe, expect, test } from '@jest/globals';
import { mask } from './masking.ts';

describe('mask', () => {
  test.each([
    ['+51987776576', '+51*******76'],
    ['10203040', '102***40'],
    ['123456', '123*56'],
    ['12345', '*****'],
    ['+1', '**'],
    ['', ''],
    [10_203_040, '102***40'],
  ])('when a log line would hold %p, then it holds %p', (value, masked) => {
    expect(mask(value)).toBe(masked);
  });

  test('when two numbers of one country are logged, then their ends tell them apart', () => {
    expect(mask('+51987776576')).not.toBe(mask('+51987776577'));
  });
});
