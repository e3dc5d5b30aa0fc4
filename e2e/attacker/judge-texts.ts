import { attackersCustomers } from './access.ts';
import { attackersPhones } from './attack.ts';
import type { Text } from '../faults/sms-receiver.ts';
import { customersPhones, type Asked } from './well-behaved-caller.ts';

/** What is the same of all SMS of the branch: not the turn, the service and the minutes, nor whether somebody wants promotions. */
const shapeOf = (text: string): string =>
  text
    .replace(/ We have a promotion for you!$/, '')
    .replaceAll(/\d+(?:[.,]\d+)*/g, '0')
    .replaceAll(/\b[A-Z]0\b/g, 'T0')
    .replaceAll(/Plataforma|Caja/g, 'S');

/**
 * What is wrong with the SMS that were sent, one line a finding: each goes to whom its ticket is for, each says what all say,
 * and every customer of the well-behaved caller has one.
 *
 * @param attackers the attacker's tickets, their phones by their ids
 */
export function wrongWithTexts(
  texts: readonly Text[],
  asked: readonly Asked[],
  attackers: ReadonlyMap<string, string | undefined>,
): string[] {
  const customers = new Map(
    asked.flatMap(({ phone, answer }) => ('id' in answer ? [[answer.id, phone] as const] : [])),
  );
  const shapes = new Set(texts.filter(({ to }) => to.startsWith(customersPhones)).map(({ text }) => shapeOf(text)));
  const counts = Map.groupBy(texts, ({ ticketId }) => ticketId);
  const wrong = texts.flatMap(({ to, ticketId, text }) => [
    ...(isFor(to, ticketId) ? [] : [`an SMS to ${to} of a ticket that is not for it`]),
    ...(shapes.has(shapeOf(text)) ? [] : [`an SMS that says something else: ${JSON.stringify(text)}`]),
  ]);
  const without = [...customers.keys()].filter((id) => !counts.has(id)).map((id) => `no SMS for the ticket ${id}`);
  return [...wrong, ...without].slice(0, 20);

  /** Of some of the attacker's tickets nobody knows: it had hung up. */
  function isFor(to: string, ticketId: string): boolean {
    const phone = customers.get(ticketId) ?? attackers.get(ticketId);
    return phone === undefined ? to.startsWith(attackersPhones) || attackersCustomers.has(to) : phone === to;
  }
}
