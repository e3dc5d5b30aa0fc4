/**
 * @typedef {object} Deeds
 * @property {(step: number) => void} move to the phone so many places further down
 * @property {() => void} search
 * @property {() => void} back
 * @property {() => boolean} isBusy whether something open takes the keys
 */

/**
 * The keys of the page: arrows or j and k go through the phones, / searches, Escape goes back.
 *
 * @param {Deeds} deeds
 */
export function listenToKeys({ move, search, back, isBusy }) {
  const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
  document.addEventListener('keydown', (event) => {
    if (isBusy() || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const isTyping = event.target instanceof HTMLInputElement;
    const isReading = event.target instanceof Element && event.target.id === 'messages';
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    const isArrow = event.key.startsWith('Arrow');
    if (event.key === 'Escape') back();
    else if (event.key === '/' && !isTyping) search();
    // Arrows scroll a thread that has the focus; letters are letters in the search.
    else if (step !== undefined && (isArrow ? !isReading : !isTyping)) move(step);
    else return;
    event.preventDefault();
  });
}
