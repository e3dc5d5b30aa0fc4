import { canMove, priceHint, sizeOf, stateOf } from './delivery.js';
import { element, setAttributes, setText } from './element.js';
import { marked } from './search.js';
import { fullTimeOf, timeOf } from './times.js';

/** @typedef {import('./conversations.js').Message} Message */
/** @typedef {{ price: import('./live.js').Settings['price'], openMenu: (button: HTMLElement, message: Message) => void }} BubbleParts */

/** One message in its thread. */
export class Bubble {
  #message;
  #query = '';
  #text = element('p', { class: 'text', dir: 'auto' });
  #size = element('span', { class: 'size' });
  #state = element('button', { type: 'button', class: 'state', 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
  #mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
  #words = element('span');
  #reason = element('p', { class: 'reason', hidden: true });
  node;

  /**
   * @param {Message} message
   * @param {BubbleParts} parts
   */
  constructor(message, { price, openMenu }) {
    this.#message = message;
    const time = element(
      'time',
      { datetime: message.sent_at, title: fullTimeOf(message.sent_at) },
      timeOf(message.sent_at),
    );
    const hint = element('span', { class: 'hint', title: 'Only a hint: what a carrier really charges differs.' });
    hint.textContent = priceHint(message, price);
    const ticket = element('span', { class: 'ticket' }, `ticket ${message.ticket_id}`);
    const purpose = message.purpose === 'promotions' ? [element('span', { class: 'purpose' }, 'promotions')] : [];
    this.#state.append(this.#mark, this.#words);
    this.#state.addEventListener('click', () => openMenu(this.#state, this.#message));
    const facts = element('div', { class: 'facts' }, time, this.#size, hint, ...purpose, ticket, this.#state);
    this.node = element('li', { class: 'bubble', 'data-key': message.key }, this.#text, facts, this.#reason);
    this.#text.append(...marked(message.text, ''));
    this.update(message, '');
  }

  /**
   * @param {Message} message
   * @param {string} query what is looked for
   */
  update(message, query) {
    if (query !== this.#query) this.#text.replaceChildren(...marked(message.text, query));
    this.#message = message;
    this.#query = query;
    const { mark, words } = stateOf(message);
    setText(this.#size, sizeOf(message));
    setText(this.#mark, mark);
    setText(this.#words, words);
    setText(this.#reason, message.reason ?? '');
    setAttributes(this.#reason, { hidden: !message.reason });
    setAttributes(this.#state, {
      'data-state': message.state ?? 'NONE',
      disabled: !canMove(message),
      'aria-label': canMove(message) ? `${words}. Simulate what becomes of it` : words,
      title: canMove(message) ? 'Simulate what becomes of it' : undefined,
    });
  }
}
