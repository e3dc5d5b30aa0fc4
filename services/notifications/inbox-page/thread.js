import { Bubble } from './bubble.js';
import { arrange, element, setAttributes, setText } from './element.js';
import { simulateDelivery, simulateReply } from './simulate.js';
import { dayOf, fullTimeOf, timeOf } from './times.js';

/** @typedef {import('./conversations.js').Message} Message */
/** @typedef {import('./conversations.js').Consent} Consent */
/** @typedef {{ phone: string, messages: Message[], consent: Consent | undefined, query: string }} Shown */
/** @typedef {{ menu: import('./menu.js').Menu, settings: import('./live.js').Settings, complain: (trouble: string | undefined) => void }} ThreadParts */

/** Nearer to its end than this, in pixels, a thread follows what comes. */
const nearEnd = 80;

/** The messages of one phone, as on the phone itself. */
export class Thread {
  #phone;
  #parts;
  /** @type {Map<string, Bubble>} */
  #bubbles = new Map();
  /** @type {Map<string, HTMLElement>} */
  #days = new Map();
  #list = element('ol', { id: 'messages', role: 'list', tabindex: '0' });
  #promotions = element('p', { class: 'promotions' });
  #reply = element('li', { class: 'reply' });
  #newer = element('button', { type: 'button', class: 'newer', hidden: true }, 'New messages ↓');
  nodes;

  /**
   * @param {string} phone
   * @param {ThreadParts} parts
   */
  constructor(phone, parts) {
    this.#phone = phone;
    this.#parts = parts;
    const back = element('a', { class: 'back', href: '#', 'aria-label': 'Back to all phones' }, '‹');
    const number = element('h2', {}, element('bdi', { dir: 'ltr' }, phone));
    const header = element('header', {}, back, element('div', {}, number, this.#promotions));
    setAttributes(this.#list, { 'aria-label': `Messages to ${phone}` });
    this.#list.addEventListener('scroll', () => this.#isAtEnd() && setAttributes(this.#newer, { hidden: true }));
    this.#newer.addEventListener('click', () => this.#toEnd());
    this.nodes = [header, this.#list, this.#newer, this.#answers()];
  }

  /** @param {Shown} shown */
  show({ messages, consent, query }) {
    const wasAtEnd = this.#isAtEnd();
    const isFirst = this.#bubbles.size === 0;
    const hasNews = messages.some(({ key }) => !this.#bubbles.has(key));
    setText(this.#promotions, promotionsOf(consent));
    arrange(this.#list, this.#nodesOf(messages, consent, query));
    const found = query.trim() ? this.#list.querySelector('mark') : null;
    if (found && (isFirst || !hasNews)) found.scrollIntoView({ block: 'center' });
    else if (isFirst || wasAtEnd) this.#toEnd();
    else if (hasNews) setAttributes(this.#newer, { hidden: false });
  }

  /**
   * @param {Message[]} messages
   * @param {Consent | undefined} consent
   * @param {string} query
   */
  #nodesOf(messages, consent, query) {
    const lines = messages.map((message) => ({ moment: message.sent_at, node: this.#bubble(message, query) }));
    if (consent) lines.push({ moment: consent.since, node: this.#replyOf(consent) });
    lines.sort((a, b) => Date.parse(a.moment) - Date.parse(b.moment));
    let day = '';
    return lines.flatMap(({ moment, node }) => {
      const same = day === dayOf(moment);
      day = dayOf(moment);
      return same ? [node] : [this.#dayNode(day), node];
    });
  }

  /**
   * @param {Message} message
   * @param {string} query
   */
  #bubble(message, query) {
    const { settings } = this.#parts;
    const openMenu = this.#openMenu.bind(this);
    const bubble = this.#bubbles.get(message.key) ?? new Bubble(message, { price: settings.price, openMenu });
    this.#bubbles.set(message.key, bubble);
    bubble.update(message, query);
    return bubble.node;
  }

  /** @param {string} day */
  #dayNode(day) {
    const node = this.#days.get(day) ?? element('li', { class: 'day' }, element('span', {}, day));
    this.#days.set(day, node);
    return node;
  }

  /** @param {Consent} consent */
  #replyOf({ promotions, since }) {
    const said = promotions ? 'START' : 'STOP';
    if (this.#reply.dataset['since'] === since) return this.#reply;
    this.#reply.dataset['since'] = since;
    const time = element('time', { datetime: since, title: fullTimeOf(since) }, timeOf(since));
    const facts = element('div', { class: 'facts' }, time, promotionsOf({ phone: this.#phone, promotions, since }));
    this.#reply.replaceChildren(element('p', { class: 'text' }, said), facts);
    return this.#reply;
  }

  #answers() {
    const send = (/** @type {'STOP' | 'START'} */ text) => {
      const button = element('button', { type: 'button', title: `Simulates that ${this.#phone} sends ${text}` }, text);
      button.addEventListener('click', () => void simulateReply(this.#phone, text).then(this.#parts.complain));
      return button;
    };
    const label = element('span', { id: 'answers' }, 'Answer from this phone');
    return element('footer', { role: 'group', 'aria-labelledby': 'answers' }, label, send('STOP'), send('START'));
  }

  /**
   * @param {HTMLElement} button
   * @param {Message} message
   */
  #openMenu(button, { key }) {
    const { menu, complain } = this.#parts;
    const become = (/** @type {'DELIVERED' | 'FAILED'} */ state) => () =>
      void simulateDelivery(key, state).then(complain);
    menu.open(button, 'What becomes of the message', [
      { label: 'Delivered', mark: '✓✓', choose: become('DELIVERED') },
      { label: 'Failed', mark: '!', choose: become('FAILED') },
    ]);
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < nearEnd;
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
    setAttributes(this.#newer, { hidden: true });
  }
}

/** @param {Consent | undefined} consent */
function promotionsOf(consent) {
  if (!consent) return 'Promotions as the customer directory has it';
  return consent.promotions ? 'Wants promotions' : 'Wants no promotions, only turns';
}
