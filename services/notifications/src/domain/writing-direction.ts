const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/v;
const leftToRight =
  /[\p{L}--[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]]/v;

/** Whether a text has letters that are read from right to left. */
export function readsRightToLeft(text: string): boolean {
  return rightToLeft.test(text);
}

/**
 * Keeps a text that is put into another one from being mixed up with it, where one of them is read from right to left and
 * the other is not: a phone would show its words, and the numbers beside it, in the wrong places. Costs two characters of
 * UCS-2, in a text that is UCS-2 already.
 *
 * @see Unicode Standard Annex 9, 2.7: first strong isolate, and its end
 */
export function isolated(text: string, { within }: { within: 'left-to-right' | 'right-to-left' }): string {
  const isForeign = within === 'left-to-right' ? rightToLeft.test(text) : leftToRight.test(text);
  return isForeign ? `\u2068${text}\u2069` : text;
}
