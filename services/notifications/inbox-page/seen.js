const place = 'turno-inbox-seen';

/** Up to which message each phone was read, kept in this browser. */
export class Seen {
  /** @type {Record<string, string>} */
  #moments = read();

  /**
   * The moment of the last message that was seen; '' sorts before all moments.
   *
   * @param {string} phone
   */
  of(phone) {
    return this.#moments[phone] ?? '';
  }

  /**
   * @param {string} phone
   * @param {string} moment
   */
  upTo(phone, moment) {
    if (this.of(phone) >= moment) return;
    this.#moments[phone] = moment;
    try {
      localStorage.setItem(place, JSON.stringify(this.#moments));
    } catch {
      // A browser that keeps nothing forgets it with the page.
    }
  }
}

/** @returns {Record<string, string>} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}');
  } catch {
    return {};
  }
}
