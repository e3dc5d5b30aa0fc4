import { element } from './element.js';

/** @typedef {{ label: string, mark: string, choose: () => void }} Choice */

/** A menu that opens under a button; Escape and a click elsewhere close it, and the focus goes back to the button. */
export class Menu {
  #node = element('div', { class: 'menu', role: 'menu', popover: 'auto' });
  /** @type {HTMLElement | undefined} */
  #button;

  /** @param {HTMLElement} home where it stands for those who do not see it */
  constructor(home) {
    home.append(this.#node);
    this.#node.addEventListener('keydown', (event) => this.#onKey(event));
    this.#node.addEventListener('toggle', () => this.#button?.setAttribute('aria-expanded', String(this.isOpen)));
  }

  get isOpen() {
    return this.#node.matches(':popover-open');
  }

  /**
   * @param {HTMLElement} button
   * @param {string} label
   * @param {Choice[]} choices
   */
  open(button, label, choices) {
    this.#button = button;
    this.#node.setAttribute('aria-label', label);
    this.#node.replaceChildren(...choices.map((choice) => this.#item(choice)));
    this.#node.showPopover();
    const { left, bottom, top } = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#node;
    const below = bottom + height + 8 < innerHeight;
    this.#node.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    this.#node.style.top = `${below ? bottom + 4 : Math.max(8, top - height - 4)}px`;
    this.#items()[0]?.focus();
  }

  close() {
    this.#node.hidePopover();
  }

  /** @param {Choice} choice */
  #item({ label, mark, choose }) {
    const markNode = element('span', { class: 'mark', 'aria-hidden': 'true' }, mark);
    const item = element('button', { type: 'button', role: 'menuitem' }, markNode, label);
    item.addEventListener('click', () => {
      this.close();
      choose();
    });
    return item;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const items = this.#items();
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  }

  #items() {
    return [...this.#node.querySelectorAll('button')];
  }
}
