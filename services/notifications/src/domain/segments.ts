import { SegmentedMessage } from 'sms-segments-calculator';
import type { SmsEncoding } from './sms-record.ts';

/** A text, with what the network makes of it. */
export interface MeasuredText {
  readonly text: string;
  readonly segments: number;
  readonly encoding: SmsEncoding;
}

/**
 * Characters of GSM-7 that take one place each. Most texts have no others, and need not be split into graphemes, which is
 * most of what counting costs.
 */
const onePlaceEach = /^[\n !"#%&'()*+,\-./0-9:;<=>?@A-Z_a-zÄÅÉÑÖÜàäåèéìñòöùü¡¿]+$/;

/**
 * Counts the segments of a text: 160 characters of GSM-7 in one and 153 in each of several, 70 and 67 of UCS-2.
 *
 * @see 3GPP TS 23.038 and TS 23.040 9.2.3.24.1
 */
export function measured(text: string): MeasuredText {
  if (onePlaceEach.test(text)) {
    const segments = text.length <= 160 ? 1 : Math.ceil(text.length / 153);
    return { text, segments, encoding: 'GSM-7' };
  }
  const message = new SegmentedMessage(text);
  return { text, segments: message.segmentsCount, encoding: message.encodingName };
}
