import { arrange, element, setAttributes, setText } from './element.js';
import { marked } from './search.js';
import { fullTimeOf, shortTimeOf } from './times.js';

/** @typedef {import('./conversations.js').Row} Row */

/** One phone in the list: a link to its thread. */
class Entry {
  #number = element('bdi', { class: 'number', dir: 'ltr' });
  #time = element('time');
  #preview = element('span', { class: 'preview', dir: 'auto' });
  #unread = element('span', { class: 'unread' });
  #shown = '';
  link;
  node;

  /** @param {string} phone */
  constructor(phone) {
    const face = element('span', { class: 'face', 'aria-hidden': 'true' }, phone.slice(-2));
    face.style.setProperty('--hue', String((Number(phone.slice(-6)) * 47) % 360));
    const head = element('span', { class: 'head' }, this.#number, this.#time);
    const body = element('span', { class: 'body' }, this.#preview, this.#unread);
    this.link = element('a', { href: `#${phone}`, 'data-phone': phone }, face, head, body);
    this.node = element('li', {}, this.link);
  }

  /**
   * @param {Row} row
   * @param {string} query
   * @param {boolean} isChosen
   */
  show({ phone, shown, unread }, query, isChosen) {
    const what = JSON.stringify([shown.key, query]);
    if (what !== this.#shown) {
      this.#number.replaceChildren(...marked(phone, query.replaceAll(/[\s()-]/g, '')));
      this.#preview.replaceChildren(...marked(excerptOf(shown.text, query), query));
      setAttributes(this.#time, { datetime: shown.sent_at, title: fullTimeOf(shown.sent_at) });
      this.#shown = what;
    }
    setText(this.#time, shortTimeOf(shown.sent_at));
    setText(this.#unread, unread === 0 ? '' : String(unread));
    setAttributes(this.#unread, { hidden: unread === 0, title: `${unread} unread` });
    setAttributes(this.link, { 'aria-current': isChosen ? 'true' : undefined, 'data-unread': unread > 0 });
  }
}

/** All phones, one below the other. */
export class PhoneList {
  #list;
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /**
   * @param {Row[]} rows
   * @param {string} query
   * @param {string | undefined} chosen
   */
  show(rows, query, chosen) {
    const nodes = rows.map((row) => {
      const entry = this.#entries.get(row.phone) ?? new Entry(row.phone);
      this.#entries.set(row.phone, entry);
      entry.show(row, query, row.phone === chosen);
      return entry.node;
    });
    arrange(this.#list, nodes);
  }

  /** @param {string} phone */
  focus(phone) {
    const link = this.#entries.get(phone)?.link;
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: 'nearest' });
  }
}

/**
 * The text from shortly before what is looked for, so that it is seen in one line.
 *
 * @param {string} text
 * @param {string} query
 */
function excerptOf(text, query) {
  const at = query.trim() === '' ? -1 : text.toLowerCase().indexOf(query.trim().toLowerCase());
  return at > 24 ? `…${text.slice(text.lastIndexOf(' ', at - 12) + 1)}` : text;
}
