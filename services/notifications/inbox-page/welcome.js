import { element } from './element.js';

/**
 * What stands where a thread would be: how to get a first message, or that a phone is to be chosen.
 *
 * @param {{ settings: import('./live.js').Settings, isEmpty: boolean, phone: string }} what
 */
export function welcome({ settings, isEmpty, phone }) {
  const title = isEmpty ? 'No messages yet' : phone ? `No messages to ${phone}` : 'Choose a phone';
  const what = 'Every SMS that Turno would send appears here, live. Nothing leaves this machine.';
  const copy = element('button', { type: 'button' }, 'Copy');
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(settings.example).then(() => (copy.textContent = 'Copied'));
  });
  const example = element('pre', { tabindex: '0', 'aria-label': 'A command that takes a ticket' }, settings.example);
  const back = element('a', { class: 'back', href: '#' }, '‹ All phones');
  return element(
    'div',
    { class: 'welcome' },
    ...(phone ? [back] : []),
    element('h2', {}, title),
    element('p', {}, what),
    element('p', {}, 'Take a ticket:'),
    element('div', { class: 'example' }, example, copy),
  );
}
