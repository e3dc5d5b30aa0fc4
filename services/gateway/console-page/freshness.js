import { durationOf } from './formats.js';
import { byId, setAttributes, setText } from './element.js';

/** The gateway tells every other second; this much later something is wrong. */
const lateAfterMs = 6_000;

/** Says how old the figures of the page are, and that they are old where they are. */
export class Freshness {
  /** @type {number | undefined} */
  #toldAt;
  #isLost = false;

  constructor() {
    setInterval(() => this.#show(), 1_000);
  }

  told() {
    this.#toldAt = Date.now();
    this.#isLost = false;
    this.#show();
  }

  lost() {
    this.#isLost = true;
    this.#show();
  }

  #show() {
    const age = this.#toldAt === undefined ? undefined : Date.now() - this.#toldAt;
    const isLate = this.#isLost || (age !== undefined && age > lateAfterMs);
    const since = age === undefined ? '' : ` What you see is ${durationOf(age)} old.`;
    setText(byId('notice'), isLate ? `The gateway does not answer. Trying again …${since}` : '');
    setAttributes(byId('notice'), { hidden: !isLate });
    setAttributes(document.body, { 'data-stale': isLate });
    setText(byId('freshness'), age === undefined || isLate ? '' : `Live, ${Math.round(age / 1_000)} s ago`);
  }
}
