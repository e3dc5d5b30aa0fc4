import { listenTo } from './events.js';

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

/**
 * Listens to the inbox for as long as the page is open.
 *
 * @param {Listener} listener
 */
export function listen({ settings, update, trouble }) {
  const listeners = {
    settings,
    update: (/** @type {import('./conversations.js').Update} */ told) => {
      trouble(undefined);
      update(told);
    },
    away: () => trouble('The database does not answer. Trying again…'),
  };
  listenTo('/inbox/events', listeners, () => trouble('Connection lost. Trying again…'));
}
