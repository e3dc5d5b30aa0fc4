/**
 * @typedef {object} Settings
 * @property {string} example a command that takes a ticket
 * @property {{ amount: number, currency: string }} [price] of a segment
 */
/**
 * @typedef {object} Listener
 * @property {(settings: Settings) => void} settings
 * @property {(update: import('./conversations.js').Update) => void} update
 * @property {(trouble: string | undefined) => void} trouble undefined when all is well again
 */

/** A browser gives up for good on an answer that is no stream, as while a proxy says 502. */
const againAfterMs = 2_000;

/**
 * Listens to the inbox for as long as the page is open.
 *
 * @param {Listener} listener
 */
export function listen({ settings, update, trouble }) {
  const events = new EventSource('/inbox/events');
  events.addEventListener('settings', ({ data }) => settings(JSON.parse(data)));
  events.addEventListener('update', ({ data }) => {
    trouble(undefined);
    update(JSON.parse(data));
  });
  events.addEventListener('away', () => trouble('The database does not answer. Trying again…'));
  events.addEventListener('error', () => {
    trouble('Connection lost. Trying again…');
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listen({ settings, update, trouble }), againAfterMs);
  });
}
