import { arrange, byId, element, setAttributes, setText } from './element.js';
import { ageOf, amountOf, durationOf, numberOf } from './formats.js';

/** @typedef {import('../src/console/figures.ts').Figures} Figures */
/** @typedef {import('../src/console/figures.ts').CallSeries} CallSeries */
/** @typedef {{ label: string, value: string, note: string, state: 'well' | 'look' | 'broken' | 'unknown' }} Tile */

const lookBackMs = 5 * 60_000;

/** @type {Map<string, HTMLElement>} */
const shown = new Map();

/** @param {Figures} figures */
export function showTiles(figures) {
  const tiles = [
    ticketsTile(figures),
    callsTile('API, p95', 'request', figures.gateway.http, `${numberOf(figures.gateway.requestsInFlight)} in flight`),
    callsTile(
      'Calls to ticketing, p95',
      'call',
      figures.gateway.rpc,
      `${numberOf(figures.gateway.pendingCalls)} pending`,
    ),
    failuresTile(figures),
    breakerTile(figures),
    outboxTile(figures),
    eventsTile(figures),
    smsTile(figures),
    providerTile(figures),
    deadLettersTile(figures),
  ];
  arrange(byId('tiles'), tiles.map(nodeOf));
}

/** @param {Tile} tile */
function nodeOf({ label, value, note, state }) {
  let node = shown.get(label);
  if (!node) {
    node = element('li', {}, ...['label', 'value', 'about'].map((part) => element('span', { class: part })));
    shown.set(label, node);
  }
  setAttributes(node, { 'data-state': state });
  const texts = [label, value, note];
  for (const [i, child] of [...node.children].entries()) setText(child, texts[i] ?? '');
  return node;
}

/** @param {Figures} figures */
function ticketsTile({ tickets, at }) {
  const perMinute = sumsOf(tickets.value?.branches.map((branch) => branch.perMinute) ?? []);
  const hour = perMinute.reduce((sum, count) => sum + count, 0);
  const last = (perMinute.at(-1) ?? 0) + (perMinute.at(-2) ?? 0);
  return partTile('Tickets', tickets, at, {
    value: numberOf(last),
    note: `in this minute and the last; ${numberOf(hour)} in the hour`,
    state: 'well',
  });
}

/**
 * @param {string} label
 * @param {string} what
 * @param {CallSeries | undefined} series
 * @param {string} now
 * @returns {Tile}
 */
function callsTile(label, what, series, now) {
  if (!series) return { label, value: '–', note: `not measured; ${now}`, state: 'unknown' };
  const calls = lately(series, series.calls);
  const slowest = Math.max(...series.p95.slice(-lookBackMs / series.slotMs).map((ms) => ms ?? 0));
  const note = `the slowest of ${amountOf(calls, what)} in 5 min; ${now}`;
  return { label, value: calls > 0 ? durationOf(slowest) : 'quiet', note, state: 'well' };
}

/**
 * @param {Figures} figures
 * @returns {Tile}
 */
function failuresTile({ gateway: { rpc, http, requestsShed } }) {
  const label = 'Failures in 5 min';
  const note = `${numberOf(requestsShed)} shed since the start`;
  if (!rpc && !http) return { label, value: '–', note: `not measured; ${note}`, state: 'unknown' };
  const calls = rpc ? lately(rpc, rpc.failed) : 0;
  const answers = http ? lately(http, http.failed) : 0;
  return {
    label,
    value: numberOf(Math.max(calls, answers)),
    note: `${amountOf(answers, 'answer')} 5xx, ${amountOf(calls, 'call')} failed; ${note}`,
    state: calls + answers > 0 ? 'look' : 'well',
  };
}

/**
 * @param {CallSeries} series
 * @param {readonly number[]} counts
 */
function lately({ slotMs }, counts) {
  return counts.slice(-lookBackMs / slotMs).reduce((sum, count) => sum + count, 0);
}

/**
 * @param {Figures} figures
 * @returns {Tile}
 */
function breakerTile({ gateway }) {
  const { breaker, brokerTrouble } = gateway;
  const note = brokerTrouble === undefined ? 'before ticketing; the broker is there' : `broker: ${brokerTrouble}`;
  const state = breaker === 'closed' && brokerTrouble === undefined ? 'well' : 'broken';
  return { label: 'Breaker', value: breaker, note, state };
}

/** @param {Figures} figures */
function outboxTile({ tickets, at }) {
  const { size = 0, oldestSince } = tickets.value?.outbox ?? {};
  return partTile('Outbox', tickets, at, {
    value: numberOf(size),
    note:
      oldestSince === undefined ? 'no event waits to be published' : `the oldest for ${durationOf(at - oldestSince)}`,
    state: oldestSince !== undefined && at - oldestSince > 30_000 ? 'broken' : 'well',
  });
}

/** @param {Figures} figures */
function eventsTile({ queues, at }) {
  const events = queues.value?.find(({ is }) => is === 'events')?.depth;
  return partTile('Events in the queue', queues, at, {
    value: events ? numberOf(events.messages) : 'none',
    note: events ? amountOf(events.consumers, 'consumer') : 'the broker has no such queue',
    state: !events || (events.messages > 0 && events.consumers === 0) ? 'broken' : 'well',
  });
}

/** @param {Figures} figures */
function smsTile({ sms, at }) {
  const { counts = {}, handover = [] } = sms.value ?? {};
  const latest = handover.at(-1);
  const { SENT = 0, DELIVERED = 0, FAILED = 0, UNKNOWN = 0 } = counts;
  const troubles = [FAILED && `${FAILED} failed`, UNKNOWN && `${UNKNOWN} unknown`].filter(Boolean);
  return partTile('SMS, p95', sms, at, {
    value: latest ? durationOf(latest.p95) : 'quiet',
    note: [`${numberOf(SENT + DELIVERED)} with the provider in the hour`, ...troubles].join(', '),
    state: troubles.length > 0 ? 'look' : 'well',
  });
}

/** @param {Figures} figures */
function providerTile({ sms, at }) {
  const { providers = [], isFallbackInUse = false } = sms.value ?? {};
  const used = providers[isFallbackInUse ? 1 : 0];
  const isClosed = used?.breaker === 'closed';
  return partTile('SMS provider', sms, at, {
    value: used?.name ?? '–',
    note: used
      ? `breaker ${used.breaker}; ${numberOf(used.waiting)} SMS wait${isFallbackInUse ? '; the fallback' : ''}`
      : '',
    state: isFallbackInUse ? 'look' : isClosed ? 'well' : 'broken',
  });
}

/** @param {Figures} figures */
function deadLettersTile({ deadLetters, at }) {
  const waiting = deadLetters.value?.waiting ?? 0;
  const note = waiting === 0 ? 'nothing was given up' : amountOf(deadLetters.value?.totals.length ?? 0, 'reason');
  return partTile('Dead letters', deadLetters, at, {
    value: numberOf(waiting),
    note,
    state: waiting > 0 ? 'look' : 'well',
  });
}

/**
 * Of a part that does not answer the last value stays, and says how old it is.
 *
 * @param {string} label
 * @param {import('../src/console/figures.ts').Part<unknown>} part
 * @param {number} now
 * @param {Omit<Tile, 'label'>} tile
 * @returns {Tile}
 */
function partTile(label, part, now, tile) {
  if (part.value === undefined && !part.failing) return { label, value: '…', note: '', state: 'unknown' };
  const value = part.value === undefined ? '–' : tile.value;
  return part.failing ? { label, value, note: ageOf(part, now), state: 'unknown' } : { label, ...tile };
}

/** @param {readonly (readonly (number | null)[])[]} rows */
export function sumsOf(rows) {
  return (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0));
}
