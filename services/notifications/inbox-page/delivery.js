/** @typedef {import('./conversations.js').Message} Message */

/** @type {Record<string, { mark: string, words: string }>} */
const states = {
  QUEUED: { mark: '◷', words: 'Queued' },
  SENDING: { mark: '◷', words: 'Sending' },
  UNKNOWN: { mark: '?', words: 'Unknown' },
  SENT: { mark: '✓', words: 'Sent' },
  DELIVERED: { mark: '✓✓', words: 'Delivered' },
  FAILED: { mark: '!', words: 'Failed' },
};

/**
 * How far a message has come, for people.
 *
 * @param {Message} message
 */
export function stateOf({ state }) {
  return states[state ?? ''] ?? { mark: '', words: 'No record' };
}

/**
 * Whether anything more can become of it.
 *
 * @param {Message} message
 */
export function canMove({ state }) {
  return state !== undefined && state !== 'DELIVERED' && state !== 'FAILED';
}

/**
 * What the network makes of a text: "2 segments, UCS-2".
 *
 * @param {Message} message
 */
export function sizeOf({ segments, encoding }) {
  return [segments === 1 ? '1 segment' : `${segments} segments`, encoding].filter(Boolean).join(', ');
}

/**
 * What a message may cost. A hint: the price is the operator's word or none, and carriers add to it.
 *
 * @param {Message} message
 * @param {import('./live.js').Settings['price']} price of a segment
 */
export function priceHint({ segments }, price) {
  if (!price) return segments === 1 ? 'the price of one SMS' : `about ${segments} × the price of one SMS`;
  const format = new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency: price.currency,
    maximumFractionDigits: 4,
  });
  return `about ${format.format(segments * price.amount)}`;
}
