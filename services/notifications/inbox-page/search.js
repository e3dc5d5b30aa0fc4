/**
 * As people compare: without case and accents.
 *
 * @param {string} text
 */
export function fold(text) {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/**
 * Whether a phone is looked for: by any part of its number, spaces and dashes aside.
 *
 * @param {string} phone
 * @param {string} query
 */
export function matchesPhone(phone, query) {
  const digits = query.replaceAll(/[\s()-]/g, '');
  return phone.includes(digits) && /^\+?\d*$/.test(digits);
}

/**
 * The text as nodes, with a mark around each place that is looked for.
 *
 * @param {string} text
 * @param {string} query
 * @returns {Node[]}
 */
export function marked(text, query) {
  const wanted = fold(query.trim());
  if (wanted === '') return [document.createTextNode(text)];
  const { folded, origins } = foldedWithOrigins(text);
  /** @type {Node[]} */
  const nodes = [];
  let done = 0;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length)) {
    const from = origins[at] ?? text.length;
    const to = origins[at + wanted.length] ?? text.length;
    const mark = document.createElement('mark');
    mark.textContent = text.slice(from, to);
    nodes.push(document.createTextNode(text.slice(done, from)), mark);
    done = to;
  }
  return [...nodes, document.createTextNode(text.slice(done))];
}

/**
 * The folded text, and where in the text each of its characters comes from.
 *
 * @param {string} text
 */
function foldedWithOrigins(text) {
  let folded = '';
  /** @type {number[]} */
  const origins = [];
  let at = 0;
  for (const character of text) {
    for (const unit of fold(character).split('')) {
      folded += unit;
      origins.push(at);
    }
    at += character.length;
  }
  return { folded, origins };
}
