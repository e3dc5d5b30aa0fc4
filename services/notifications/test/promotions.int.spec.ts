import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TicketCreated } from '@turno/shared';
import { Carrier } from './carrier.ts';
import { Notifying, type PromotionSettings } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

const phone = '+51987776576';
const turn = expect.stringMatching(/min\.$/) as unknown;
const turnWithPromotion = expect.stringMatching(/min\. We have a promotion for you!$/) as unknown;
const promotion = 'Plataforma: We have a promotion for you! Responda STOP para darse de baja.';
/** 22:00 in Lima, and 10:00 in the morning. */
const night = new Date('2017-02-21T03:00:00Z');
const day = new Date('2017-02-21T15:00:00Z');
const separate: PromotionSettings = { promotions: 'separate', quietHours: 'PE=22:00-08:00' };
const together: PromotionSettings = { ...separate, promotions: 'with-turn' };

let notifications: Notifying;
let carrier: Carrier;
let event: TicketCreated;
let phones = 0;

beforeAll(async () => {
  notifications = await Notifying.open('promotions');
});
afterAll(() => notifications.dispose());
beforeEach(async () => {
  notifications.now = day;
  carrier = new Carrier();
  // A phone for each test: what one said of promotions is nothing to the next.
  event = eventOfTicket({ phone: `+519800000${String((phones += 1)).padStart(2, '0')}` });
});

const comes = (settings: PromotionSettings) => notifications.through(carrier, settings)(event);
const texts = () => carrier.delivered.map(({ text }) => text);
const says = (allowed: boolean) =>
  notifications.consents.keep({ phone: event.data.phone!, allowed, since: notifications.now });

describe('promotions with the turn', () => {
  test.each([
    ['it is day', day, {}, turnWithPromotion],
    ['it is night', night, {}, turn],
    ['the customer opted out', day, { promotions_allowed: false }, turn],
  ])('when %s, then the turn goes at once, with them or without', async (_when, now, changes, text) => {
    notifications.now = now;
    event = eventOfTicket(changes);

    expect(await comes(together)).toEqual({ kind: 'done' });

    expect(texts()).toEqual([text]);
  });

  test.each([
    ['STOP', false, true, turn],
    ['START', true, false, turnWithPromotion],
  ])('when the phone said %s, then that stands over what the directory said', async (_word, word, directory, text) => {
    event = { ...event, data: { ...event.data, promotions_allowed: directory } };
    await says(word);

    await comes(together);

    expect(texts()).toEqual([text]);
  });

  test('when night falls while the provider is away, then the turn goes without them', async () => {
    carrier = new Carrier('away');
    expect(await comes(together)).toMatchObject({ kind: 'hold-off' });
    notifications.now = night;

    expect(await comes(together)).toEqual({ kind: 'done' });

    expect(texts()).toEqual([turn]);
    expect(await notifications.records.find(event.id)).toMatchObject({ text: turn, segments: 1, state: 'SENT' });
  });

  test('when the event comes again by day, and with another policy, then there is still the one SMS', async () => {
    notifications.now = night;
    await comes(together);
    notifications.now = day;

    for (const promotions of ['with-turn', 'separate', 'never'] as const) {
      expect(await comes({ promotions })).toEqual({ kind: 'done' });
    }
    expect(texts()).toEqual([turn]);
  });
});

/** The phone was off: the provider says that another attempt is worth while in half an hour. */
async function failsForHalfAnHour(key: string): Promise<void> {
  await notifications.receiveCallback({ kind: 'delivery', key, state: 'FAILED', tryAgainAfterMs: 1_800_000 });
  notifications.pass(1_801);
}

describe('promotions that are sent anew', () => {
  test.each([
    ['the phone has said STOP', day, () => says(false), turn],
    ['night has fallen', new Date(night.getTime() - 600_000), () => Promise.resolve(), turn],
    ['nothing has changed', day, () => Promise.resolve(), turnWithPromotion],
  ])('when %s before the next attempt, then that is heeded', async (_what, now, change, text) => {
    notifications.now = now;
    await comes(together);
    await change();
    await failsForHalfAnHour(event.id);

    await notifications.sweeper(carrier, together)(10);

    expect(texts()).toEqual([turnWithPromotion, text]);
  });

  test('when the phone has said STOP to promotions that wait, then they are given up', async () => {
    carrier = new Carrier('sent', 'transient');
    await comes(separate);
    await says(false);

    expect(await comes(separate)).toEqual({ kind: 'done' });

    expect(texts()).toEqual([turn]);
    expect(await notifications.records.find(`${event.id}.promotions`)).toMatchObject({
      state: 'FAILED',
      reason: 'no longer wanted',
    });
  });
});

test('when promotions are never sent, then the turn is alone', async () => {
  await comes({ promotions: 'never' });

  expect(texts()).toEqual([turn]);
});

describe('promotions as an SMS of their own', () => {
  test('when the event comes, and five times more, then the phone has two SMS, each for its purpose', async () => {
    await comes(separate);
    await Promise.all([1, 2, 3, 4, 5].map(() => comes(separate)));

    expect(carrier.delivered).toEqual([
      { key: event.id, ticketId: event.subject, purpose: 'turn', to: event.data.phone, text: turn },
      {
        key: `${event.id}.promotions`,
        ticketId: event.subject,
        purpose: 'promotions',
        to: event.data.phone,
        text: promotion,
      },
    ]);
    expect(await notifications.records.find(`${event.id}.promotions`)).toMatchObject({
      state: 'SENT',
      purpose: 'promotions',
      segments: 1,
    });
  });

  test('when it comes five times at once, then the phone has two SMS at most, and both once it is done', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => comes(separate)));
    await notifications.untilDone(() => comes(separate), event);

    expect(texts()).toEqual([turn, promotion]);
  });

  test('when the night is over as the event comes again, then what was left out stays out', async () => {
    notifications.now = night;
    await comes(separate);
    notifications.now = day;

    expect(await comes(separate)).toEqual({ kind: 'done' });
    expect(texts()).toEqual([turn]);
  });

  test('when the provider takes the turn alone at first, then the promotions follow, and the turn is not repeated', async () => {
    carrier = new Carrier('sent', 'transient');
    expect(await comes(separate)).toMatchObject({ kind: 'retry' });
    notifications.pass(1);

    expect(await comes(separate)).toEqual({ kind: 'done' });
    expect(texts()).toEqual([turn, promotion]);
  });

  test.each([
    ['night falls', async () => void (notifications.now = night)],
    ['the phone says STOP', () => says(false)],
  ])('when %s before the promotions are taken, then they are not sent any more', async (_what, happens) => {
    carrier = new Carrier('sent', 'away');
    expect(await comes(separate)).toMatchObject({ kind: 'hold-off' });
    await happens();

    expect(await comes(separate)).toEqual({ kind: 'done' });
    expect(texts()).toEqual([turn]);
  });

  test.each(['permanent', 'ambiguous'] as const)(
    'when the turn ends as %s, then no promotion follows what may not have arrived',
    async (behaviour) => {
      carrier = new Carrier(behaviour);

      expect(await comes(separate)).toEqual({ kind: 'done' });
      expect(texts()).toEqual([]);
    },
  );

  test('when there are none, then there is one SMS and one record', async () => {
    event = eventOfTicket({ phone, messages: [] });
    await comes(separate);

    expect(texts()).toEqual([turn]);
    expect(await notifications.records.find(`${event.id}.promotions`)).toBeUndefined();
  });
});
