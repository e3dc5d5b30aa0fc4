import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { measured } from './segments.ts';
import { transliterated } from './transliteration.ts';

const filler = ' y siempre a su lado'.repeat(4);
const plainOf = (text: string) => transliterated(measured(text + filler)).text.slice(0, -filler.length);

describe('transliteration', () => {
  test.each([
    ['Más crédito en Ávila, señor Ibáñez', 'Mas crédito en Avila, señor Ibañez'],
    ['“Hola”, ‘hola’ — «hola»… ¡ya!', `"Hola", 'hola' - "hola"... ¡ya!`],
    ['a\u00a0las\u202f9:00', 'a las 9:00'],
    ['Piso 3.º, garçon', 'Piso 3.o, garcon'],
    ['ñ ü é à Ç € ¿?', 'ñ ü é à Ç € ¿?'],
  ])('when the text is %s, then it is %s', (text, plain) => {
    expect(plainOf(text)).toBe(plain);
    expect(measured(plain + filler)).toMatchObject({ encoding: 'GSM-7' });
  });

  test.each([
    ['an emoji', 'Más crédito 🎁'],
    ['another script', 'Más кредит'],
    ['letters with two marks', 'Má, Hà Nội, phố'],
    ['a letter that is more than its base', 'Más Łódź'],
  ])('when there is %s in it, then all of it stays', (_what, text) => {
    expect(plainOf(text)).toBe(text);
  });

  test('when it would save no segment, then the accents stay', () => {
    expect(transliterated(measured('Más crédito'))).toMatchObject({ text: 'Más crédito', segments: 1 });
  });

  test('when it is any text, then it never has more segments than before, and ends in GSM-7 or as it was', () => {
    const unit = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom('a', 'b', ' ', 'ñ', '€', '[', 'á', 'É', 'ç', 'º', '“', '—', '…', '\u00a0'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), (text) => {
        const before = measured(text);
        const after = transliterated(before);
        expect(after.segments).toBeLessThanOrEqual(before.segments);
        expect(after.encoding === 'GSM-7' || after.text === text).toBe(true);
        expect(after).toEqual(measured(after.text));
      }),
      { numRuns: 200 },
    );
  });
});
