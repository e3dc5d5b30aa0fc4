import { arrange, byId, element, setAttributes, setText } from './element.js';
import { ageOf, numberOf } from './formats.js';
import { timeOf } from './dead-letters.js';

/** @typedef {import('../src/console/figures.ts').Figures} Figures */
/** @typedef {import('../src/console/figures.ts').SmsLine} SmsLine */

/** What a state means, as the record has it. */
const meanings = {
  QUEUED: 'to be sent',
  SENDING: 'being sent',
  UNKNOWN: 'perhaps sent',
  SENT: 'with the provider',
  DELIVERED: 'on the phone',
  FAILED: 'will never arrive',
};

const ofCounts = 'Counts are of the last hour; phones are masked.';

let only = '';
/** @type {Figures['sms']} */
let part = {};
/** @type {Map<string, HTMLElement>} */
let rows = new Map();
/** @type {Map<string, HTMLElement>} */
const chips = new Map();

/** @param {Figures} figures */
export function showSms({ at, sms }) {
  part = sms;
  setText(byId('sms-note'), [ofCounts, ageOf(sms, at)].filter(Boolean).join(' '));
  render();
}

function render() {
  const { newest = [], counts = {} } = part.value ?? {};
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const states = Object.entries(meanings).map(([state, meaning]) => chip(state, meaning, counts[state] ?? 0));
  arrange(byId('states'), [chip('', 'all states', all), ...states]);
  const shown = newest.filter(({ state }) => only === '' || state === only);
  const table = byId('sms-lines').closest('.scroll');
  if (table) setAttributes(table, { hidden: shown.length === 0 });
  rows = new Map(shown.map((sms) => [keyOf(sms), rows.get(keyOf(sms)) ?? rowOf(sms)]));
  arrange(byId('sms-lines'), [...rows.values()]);
}

/**
 * @param {string} state
 * @param {string} meaning
 * @param {number} count
 */
function chip(state, meaning, count) {
  let node = chips.get(state);
  if (!node) {
    node = element('button', { type: 'button', class: 'chip', 'data-state': state });
    node.append(element('span', { class: 'count' }), ` ${meaning}`);
    node.addEventListener('click', () => {
      only = only === state ? '' : state;
      render();
    });
    chips.set(state, node);
  }
  setAttributes(node, { 'aria-pressed': String(only === state) });
  const figure = node.firstElementChild;
  if (figure) setText(figure, numberOf(count));
  return node;
}

/** @param {SmsLine} sms */
function rowOf({ createdAt, state, to, ticketId, provider = '', reason = '', purpose, attempt }) {
  const about = [purpose === 'turn' ? '' : purpose, attempt > 1 ? `attempt ${attempt}` : ''].filter(Boolean).join(', ');
  return element(
    'tr',
    {},
    element('td', {}, timeOf(createdAt)),
    element('td', {}, element('span', { class: 'state', 'data-state': state }, state)),
    element('td', { class: 'number' }, to),
    element('td', { class: 'id' }, ticketId),
    element('td', {}, [provider, about].filter(Boolean).join(', ')),
    element('td', { class: 'text' }, reason),
  );
}

/** @param {SmsLine} sms */
function keyOf(sms) {
  return JSON.stringify(sms);
}
