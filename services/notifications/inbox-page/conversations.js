import { fold, matchesPhone } from './search.js';

/**
 * @typedef {object} Message as `/inbox/messages` has it
 * @property {string} key
 * @property {string} to
 * @property {string} text
 * @property {number} segments
 * @property {string} [encoding] absent in messages of an earlier version
 * @property {string} [purpose]
 * @property {string} ticket_id
 * @property {string} sent_at
 * @property {string} [state] absent when the record is gone
 * @property {string} [reason]
 */
/** @typedef {{ phone: string, promotions: boolean, since: string }} Consent */
/** @typedef {{ messages: Message[], consents: Consent[] }} Update */
/** @typedef {{ phone: string, last: Message, shown: Message, unread: number }} Row `shown` is the newest that was looked for */

/** Every phone with its messages, and what is known of them. Knows nothing of the page. */
export class Conversations {
  /** @type {Map<string, Map<string, Message>>} */
  #byPhone = new Map();
  /** @type {Map<string, Consent>} */
  #consents = new Map();
  /** @type {WeakMap<Message, string>} */
  #foldedTexts = new WeakMap();
  #seen;

  /** @param {import('./seen.js').Seen} seen */
  constructor(seen) {
    this.#seen = seen;
  }

  /**
   * Takes in what is new, or said again.
   *
   * @param {Update} update
   * @returns {Message[]} those that were not there before
   */
  take({ messages, consents }) {
    for (const consent of consents) this.#consents.set(consent.phone, consent);
    return messages.filter((message) => {
      const thread = this.#byPhone.get(message.to) ?? new Map();
      this.#byPhone.set(message.to, thread);
      const isNew = !thread.has(message.key);
      thread.set(message.key, message);
      return isNew;
    });
  }

  get isEmpty() {
    return this.#byPhone.size === 0;
  }

  /** @param {string} phone */
  has(phone) {
    return this.#byPhone.has(phone);
  }

  /**
   * The messages of a phone, oldest first.
   *
   * @param {string} phone
   */
  thread(phone) {
    return [...(this.#byPhone.get(phone)?.values() ?? [])].toSorted((a, b) => compare(a.sent_at, b.sent_at));
  }

  /** @param {string} phone */
  consent(phone) {
    return this.#consents.get(phone);
  }

  /**
   * The phones that are looked for, the one with the newest message first.
   *
   * @param {string} query
   * @returns {Row[]}
   */
  rows(query) {
    const rows = [...this.#byPhone].flatMap(([phone, thread]) => this.#row(phone, [...thread.values()], query));
    return rows.toSorted((a, b) => compare(b.last.sent_at, a.last.sent_at));
  }

  /** How many messages nobody has seen. */
  get unread() {
    return this.rows('').reduce((sum, { unread }) => sum + unread, 0);
  }

  /** @param {string} phone */
  markRead(phone) {
    const last = this.thread(phone).at(-1);
    if (last) this.#seen.upTo(phone, last.sent_at);
  }

  markAllRead() {
    for (const phone of this.#byPhone.keys()) this.markRead(phone);
  }

  /**
   * Folded once: a search goes through all texts at every key.
   *
   * @param {Message} message
   */
  #folded(message) {
    const folded = this.#foldedTexts.get(message) ?? fold(message.text);
    this.#foldedTexts.set(message, folded);
    return folded;
  }

  /**
   * @param {string} phone
   * @param {Message[]} messages
   * @param {string} query
   * @returns {Row[]} none when it is not looked for
   */
  #row(phone, messages, query) {
    const last = newest(messages);
    const wanted = fold(query);
    const shown = matchesPhone(phone, query)
      ? last
      : newest(messages.filter((message) => this.#folded(message).includes(wanted)));
    if (!last || !shown) return [];
    const unread = messages.filter(({ sent_at: sentAt }) => sentAt > this.#seen.of(phone)).length;
    return [{ phone, last, shown, unread }];
  }
}

/** @param {Message[]} messages */
function newest(messages) {
  return messages.reduce((/** @type {Message | undefined} */ best, message) => {
    return best && compare(best.sent_at, message.sent_at) > 0 ? best : message;
  }, undefined);
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
