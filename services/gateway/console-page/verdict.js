import { arrange, byId, element, setAttributes, setText } from './element.js';

/** @typedef {import('../src/console/figures.ts').Finding} Finding */

const titles = { well: 'All well', look: 'Look at this', broken: 'Something is broken' };

/** @type {Map<string, HTMLElement>} */
let shown = new Map();

/**
 * The line on top: all well, or what is wrong, and what to do about it.
 *
 * @param {import('../src/console/figures.ts').Verdict} verdict
 */
export function showVerdict({ state, findings }) {
  setAttributes(byId('verdict'), { 'data-state': state });
  setText(byId('verdict-title'), titles[state]);
  const items = new Map(findings.map((finding) => [keyOf(finding), shown.get(keyOf(finding)) ?? itemOf(finding)]));
  for (const finding of findings) {
    const what = items.get(keyOf(finding))?.querySelector('.what');
    if (what) setText(what, finding.what);
  }
  shown = items;
  arrange(byId('findings'), [...items.values()]);
  const mark = { well: '', look: '(!) ', broken: '(!!) ' }[state];
  document.title = `${mark}Turno console`;
}

/**
 * Equal while only the numbers in it move: what is read out once is not read out again every other second.
 *
 * @param {Finding} finding
 */
function keyOf({ help, todo }) {
  return `${help} ${todo}`;
}

/** @param {Finding} finding */
function itemOf({ state, what, todo, help }) {
  return element(
    'li',
    { 'data-state': state },
    element('p', { class: 'what' }, what),
    element('p', { class: 'todo' }, `${todo} `, element('a', { href: `/console/help.html#${help}` }, 'What to do')),
  );
}
