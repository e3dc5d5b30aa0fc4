import { describe, expect, test } from '@jest/globals';
import { check, type Asked, type StoredTicket } from './checker.ts';
import { nothingWrong } from './nothing-wrong.ts';

const lane = '27b6 T 2026-11-24';
const created = (phone: string, number: number): Asked => ({
  phone,
  outcome: { kind: 'created', ticketId: `ticket-${phone}`, number },
});
const unknown = (phone: string): Asked => ({ phone, outcome: { kind: 'unknown', why: '503' } });
const refused = (phone: string): Asked => ({ phone, outcome: { kind: 'refused', status: 400 } });
const stored = (phone: string, number: number, id = `ticket-${phone}`): StoredTicket => ({ id, phone, number, lane });
const text = (phone: string) => ({ to: phone, ticketId: `ticket-${phone}`, text: 'T1' });

describe('the checker', () => {
  test('when every answer came true, then it finds nothing and counts what became of the requests', () => {
    const asked = [created('A', 1), unknown('B'), unknown('C'), refused('D')];

    expect(check(asked, [stored('A', 1), stored('B', 2)], [text('A'), text('B')])).toEqual({
      ...nothingWrong,
      requests: 4,
      created: 1,
      refused: 1,
      unknown: 2,
      recovered: 1,
    });
  });

  test('when an answered ticket is not stored, then it is lost', () => {
    expect(check([created('A', 1)], [], [])).toMatchObject({ ...nothingWrong, lost: ['ticket ticket-A of A'] });
  });

  test.each([created('A', 1), unknown('A')])('when a ticket has no SMS, then that is lost: %j', (asked) => {
    expect(check([asked], [stored('A', 1)], [])).toMatchObject({ ...nothingWrong, lost: ['the SMS of ticket-A to A'] });
  });

  test('when a request has two tickets, then one is a duplicate', () => {
    const tickets = [stored('A', 1), stored('A', 2, 'ticket-again')];

    const verdict = check([created('A', 1)], tickets, [text('A'), { ...text('A'), ticketId: 'ticket-again' }]);

    expect(verdict).toMatchObject({ ...nothingWrong, duplicated: ['2 tickets of A'] });
  });

  test('when a ticket has two SMS, then one is a duplicate', () => {
    const verdict = check([created('A', 1)], [stored('A', 1)], [text('A'), text('A')]);

    expect(verdict).toMatchObject({ ...nothingWrong, duplicated: ['2 SMS of ticket ticket-A'] });
  });

  test('when a refused request has a ticket, then that is a ghost', () => {
    const verdict = check([refused('A')], [stored('A', 1)], [text('A')]);

    expect(verdict).toMatchObject({
      ...nothingWrong,
      unexpected: ['ticket ticket-A of A, whose request was refused'],
    });
  });

  test('when nobody asked for a ticket, or for an SMS, then these are ghosts', () => {
    const verdict = check([], [stored('A', 1)], [text('A'), text('B')]);

    expect(verdict.unexpected).toEqual([
      'ticket ticket-A of A, whose request was never sent',
      'an SMS to B of ticket ticket-B',
    ]);
  });

  test('when an SMS goes to another phone than the ticket names, then it is a ghost', () => {
    const verdict = check([created('A', 1)], [stored('A', 1)], [{ ...text('A'), to: 'B' }]);

    expect(verdict.unexpected).toEqual(['an SMS to B of ticket ticket-A']);
  });

  test('when a queue lacks a number, has it twice, or has another than was answered, then it says so', () => {
    const asked = [created('A', 1), created('B', 3)];

    expect(check(asked, [stored('A', 1), stored('B', 3)], [text('A'), text('B')]).misnumbered).toEqual([
      `${lane} has 3 where 2 should be`,
    ]);
    expect(check(asked, [stored('A', 1), stored('B', 1)], [text('A'), text('B')]).misnumbered).toEqual([
      'B was told 3 and has 1',
      `${lane} has 1 where 2 should be`,
    ]);
  });
});
