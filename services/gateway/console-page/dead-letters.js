import { arrange, byId, element, setAttributes, setText } from './element.js';
import { ageOf, amountOf, fullTimeOf, momentOf } from './formats.js';
import { redrive } from './redriving.js';

/** @typedef {import('../src/console/figures.ts').Figures} Figures */
/** @typedef {import('../src/console/figures.ts').Letter} Letter */

let waiting = 0;
let canRedrive = false;
/** @type {Map<string, HTMLElement>} */
let rows = new Map();
/** @type {Map<string, HTMLElement>} */
let reasons = new Map();

byId('redrive-all').addEventListener('click', () =>
  redrive({ all: true }, `All ${amountOf(waiting, 'dead letter')} are redriven`),
);

/** @param {Figures} figures */
export function showDeadLetters({ at, deadLetters: part, canRedrive: may }) {
  const { letters = [], totals = [], queue = '' } = part.value ?? {};
  waiting = part.value?.waiting ?? 0;
  if (may !== canRedrive) [rows, reasons] = [new Map(), new Map()];
  canRedrive = may;
  setText(byId('dead-letters-note'), [noteOf(letters.length, queue), ageOf(part, at)].filter(Boolean).join(' '));
  setAttributes(byId('redriving'), { hidden: !may || waiting === 0 });
  setAttributes(byId('no-redriving'), { hidden: may || waiting === 0 });
  showReasons(totals);
  const table = byId('letters').closest('.scroll');
  if (table) setAttributes(table, { hidden: letters.length === 0 });
  rows = new Map(letters.map((letter) => [keyOf(letter), rows.get(keyOf(letter)) ?? rowOf(letter)]));
  arrange(byId('letters'), [...rows.values()]);
}

/**
 * @param {number} listed
 * @param {string} queue
 */
function noteOf(listed, queue) {
  if (waiting === 0) return 'None: every message was handled.';
  return `${listed < waiting ? `The first ${listed} of ` : ''}${amountOf(waiting, 'message')} in ${queue}, given up and kept.`;
}

/** @param {readonly { reason: string, count: number }[]} totals */
function showReasons(totals) {
  const items = totals.map(({ reason, count }) => {
    const item = reasons.get(reason) ?? reasonOf(reason);
    const figure = item.querySelector('.count');
    if (figure) setText(figure, String(count));
    return /** @type {const} */ ([reason, item]);
  });
  reasons = new Map(items);
  arrange(byId('reasons'), [...reasons.values()]);
}

/** @param {string} reason */
function reasonOf(reason) {
  const item = element('li', {}, element('span', { class: 'count' }), element('span', { class: 'text' }, reason));
  const words = `All dead letters whose reason begins with “${reason}” are redriven`;
  if (canRedrive) item.append(button('Redrive these', `Redrive these: ${reason}`, { reason }, words));
  return item;
}

/** @param {Letter} letter */
function rowOf(letter) {
  const { id, reason, since, requestId = '', redriven } = letter;
  const time = since === undefined ? 'unknown' : timeOf(since);
  const words = `The dead letter ${id} is redriven`;
  return element(
    'tr',
    {},
    element('td', {}, time),
    element('td', { class: 'text' }, reason),
    element('td', { class: 'id' }, id),
    element('td', { class: 'id' }, requestId),
    element('td', { class: 'number' }, String(redriven)),
    element('td', {}, ...(canRedrive ? [button('Redrive', `Redrive ${id}`, { id }, words)] : [])),
  );
}

/** @param {number} moment */
export function timeOf(moment) {
  const datetime = new Date(moment).toISOString();
  return element('time', { datetime, title: fullTimeOf(moment) }, momentOf(moment));
}

/**
 * @param {string} text
 * @param {string} label
 * @param {import('./redriving.js').Selection} selection
 * @param {string} words
 */
function button(text, label, selection, words) {
  const node = element('button', { type: 'button', 'aria-label': label }, text);
  node.addEventListener('click', () => redrive(selection, words));
  return node;
}

/** @param {Letter} letter */
function keyOf({ id, reason, since, redriven }) {
  return JSON.stringify([id, reason, since, redriven]);
}
