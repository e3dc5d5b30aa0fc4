import { byId, setAttributes, setText } from './element.js';

/** @typedef {{ id: string } | { reason: string } | { all: true }} Selection */

const dialog = /** @type {HTMLDialogElement} */ (byId('confirmation'));
const token = /** @type {HTMLInputElement} */ (byId('token'));

/** Whoever pressed the button, which is in order once the dialog is closed. */
let confirmed = () => {};

byId('confirm-no').addEventListener('click', () => dialog.close());
byId('confirm-yes').addEventListener('click', () => {
  dialog.close();
  confirmed();
});

/**
 * Asks whether dead letters are really to be redriven, and has it done.
 *
 * @param {Selection} selection
 * @param {string} words which they are
 */
export function redrive(selection, words) {
  if (token.value === '') {
    tell('Enter the operator’s token first.', true);
    token.focus();
    return;
  }
  setText(
    byId('confirmation-text'),
    `${words}. Each goes to the queue it came from as a new message, and its SMS is sent, once at most.`,
  );
  confirmed = () => void send(selection).then(({ message, isBad }) => tell(message, isBad));
  dialog.showModal();
}

/**
 * @param {Selection} selection
 * @returns {Promise<{ message: string, isBad: boolean }>}
 */
async function send(selection) {
  tell('Redriving …', false);
  try {
    const answer = await fetch('/console/dead-letters/redrive', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token.value}` },
      body: JSON.stringify(selection),
    });
    const { message, failure } = await answer.json();
    if (answer.status === 401)
      return { message: 'That is not the token: OPS_TOKEN of the gateway is wanted.', isBad: true };
    return { message, isBad: !answer.ok || failure !== undefined };
  } catch {
    return { message: 'The gateway does not answer; what became of it is not known. See the list.', isBad: true };
  }
}

/**
 * @param {string} message
 * @param {boolean} isBad
 */
function tell(message, isBad) {
  setText(byId('redriven'), message);
  setAttributes(byId('redriven'), { hidden: false, 'data-state': isBad ? 'broken' : 'well' });
}
