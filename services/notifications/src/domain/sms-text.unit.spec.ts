import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { eventOfTicket } from '../../test/ticket-created.ts';
import { readTemplates } from '../templates/read-templates.ts';
import { templateOf } from '../templates/template-file.ts';
import { SmsTemplates } from './sms-template.ts';
import { SmsWriter } from './sms-text.ts';

const hebrew = templateOf(
  [
    "turn: 'תורך {turn}, {branch}, {sector}, {service}.'",
    "opens_today: 'נפתח ב-{time}.'",
    "opens_later: 'נפתח ב-{day} ב-{time}.'",
    "wait_range: 'המתנה: {low, number}-{high, number} דק׳.'",
    "wait_single: 'המתנה: {minutes, plural, one {דקה} other {# דק׳}}.'",
    "wait_none: 'אין המתנה.'",
    "promotions: '{branch}: {messages}'",
  ].join('\n'),
  'he',
  'he.yaml',
);
const templates = new SmsTemplates([...(await readTemplates()), hebrew], 'es');
const writer = (options: { maxSegments?: number; transliterate?: boolean } = {}) =>
  new SmsWriter({ templates, maxSegments: 3, transliterate: false, ...options });

const branch = { ...eventOfTicket().data.branch, name: 'Hiper Central', short_name: 'Hiper' };
const sector = { ...eventOfTicket().data.sector, name: 'Tower A', short_name: 'A' };
type Ticket = Parameters<SmsWriter['turn']>[0];
const ticketOf = (changes: Partial<Ticket> = {}): Ticket => eventOfTicket({ branch, sector, ...changes }).data;
const turn = 'Su turno es T2 en Hiper Central, Tower A, Plataforma. Espera estimada: 10-15 min.';
const textOf = (ticket: Ticket, messages: readonly string[] = []) => writer().turn(ticket, messages).text;

describe('the turn', () => {
  test.each([
    ['es', turn],
    ['es-PE', turn],
    ['quz', turn],
    ['en', 'Your turn is T2 at Hiper Central, Tower A, Plataforma. Expected wait: 10-15 min.'],
    ['EN-us', 'Your turn is T2 at Hiper Central, Tower A, Plataforma. Expected wait: 10-15 min.'],
  ])('when the customer reads %s, then the nearest template has the word, else the default one', (language, text) => {
    expect(textOf(ticketOf({ language }))).toBe(text);
  });

  test.each([
    ['15', '15', 'Espera estimada: 15 min.'],
    ['0', '5', 'Espera estimada: 0-5 min.'],
    ['0', '0', 'Sin espera prevista.'],
    ['12345', '12345', 'Espera estimada: 12.345 min.'],
  ])('when the wait is from %s to %s minutes, then it says so in one of three ways', (low, high, sentence) => {
    const text = textOf(ticketOf({ low_estimated_time: low, high_estimated_time: high }));

    expect(text).toBe(`Su turno es T2 en Hiper Central, Tower A, Plataforma. ${sentence}`);
  });

  test.each([
    ['es', '2017-02-20T14:00:00.000Z', ' Abre a las 9:00. '],
    ['en', '2017-02-20T14:00:00.000Z', ' Opens at 9:00 AM. '],
    ['es', '2017-02-25T14:00:00.000Z', ' Abre el 25 feb a las 9:00. '],
    ['en', '2017-02-25T14:00:00.000Z', ' Opens on Feb 25 at 9:00 AM. '],
  ])(
    'when it is taken ahead, then in %s it says when the branch opens, in its own time',
    (language, opens, sentence) => {
      const sms = writer().turn(ticketOf({ language, branch: { ...branch, opening_time: opens } }), []);

      expect(sms.text).toContain(sentence);
      expect(sms).toMatchObject({ encoding: 'GSM-7', segments: 1 });
    },
  );

  test('when its names are so long that it has more segments than are allowed, then it has the short ones', () => {
    const ticket = ticketOf({ service: { id: '7b6', name: 'Hipotecas '.repeat(12), short_name: 'Hipotecas' } });

    expect(writer({ maxSegments: 1 }).turn(ticket, ['Promo']).text).toBe(
      'Su turno es T2 en Hiper, A, Hipotecas. Espera estimada: 10-15 min.',
    );
  });
});

describe('a language from right to left', () => {
  test('when names are Latin, then each is isolated, and what is Hebrew is not', () => {
    const text = textOf(ticketOf({ language: 'he', sector: { ...sector, name: 'מגדל' } }), ['מבצע!']);

    expect(text).toBe(
      'תורך \u2068T2\u2069, \u2068Hiper Central\u2069, מגדל, \u2068Plataforma\u2069. המתנה: 10-15 דק׳. מבצע!',
    );
  });

  test('when a Spanish text has a Hebrew promotion, then that is isolated', () => {
    expect(textOf(ticketOf(), ['מבצע!'])).toBe(`${turn} \u2068מבצע!\u2069`);
  });

  test('when the language counts in its own way, then so does the text', () => {
    const ticket = ticketOf({ language: 'he', low_estimated_time: '1', high_estimated_time: '1' });

    expect(textOf(ticket)).toMatch(/המתנה: דקה\.$/);
  });
});

describe('promotions', () => {
  test('when all fit, then they follow the turn in their order', () => {
    expect(textOf(ticketOf(), ['First.', 'Second.'])).toBe(`${turn} First. Second.`);
  });

  test('when not all fit, then the last are dropped, one by one', () => {
    const long = 'x'.repeat(70);

    expect(writer({ maxSegments: 1 }).turn(ticketOf(), [long, long, 'short']).text).toBe(`${turn} ${long}`);
    expect(writer({ maxSegments: 1 }).turn(ticketOf(), ['y'.repeat(90), 'short']).text).toBe(turn);
  });

  test('when they are an SMS of their own, then it says from whom and how to stop them', () => {
    const sms = writer().promotions(ticketOf({ language: 'en' }), ['First.', 'Second.']);

    expect(sms?.text).toBe('Hiper Central: First. Second. Reply STOP to opt out.');
  });

  test('when not even the first fits in an SMS of their own, or there are none, then there is no such SMS', () => {
    expect(writer({ maxSegments: 1 }).promotions(ticketOf(), ['x'.repeat(300)])).toBeUndefined();
    expect(writer().promotions(ticketOf(), [])).toBeUndefined();
  });
});

describe('whatever the names and the promotions are', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  const anything = fc.record({
    messages: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), { maxLength: 4 }),
    names: fc.tuple(name, name, name),
    language: fc.constantFrom('es', 'en', 'he'),
    maxSegments: fc.integer({ min: 1, max: 4 }),
    transliterate: fc.boolean(),
  });
  const written = ({ messages, names, ...rest }: typeof anything extends fc.Arbitrary<infer T> ? T : never) => {
    const [branchName, sectorName, serviceName] = names;
    const ticket = ticketOf({
      language: rest.language,
      branch: { ...branch, name: branchName },
      sector: { ...sector, name: sectorName },
      service: { id: '7b6', name: serviceName, short_name: 'Caja' },
    });
    return { alone: writer(rest).turn(ticket, []), whole: writer(rest).turn(ticket, messages) };
  };

  test('when there is more than fits, then only a turn alone has more segments than are allowed', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const { alone, whole } = written(given);
        expect(whole.segments <= given.maxSegments || whole.text === alone.text).toBe(true);
      }),
    );
  });

  test('when promotions are dropped, then the turn is whole, and so is each promotion that is left', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const { alone, whole } = written({ ...given, transliterate: false });
        const promotions = given.messages.map((message) => message.normalize('NFC'));
        expect(whole.text.startsWith(alone.text)).toBe(true);
        const left = whole.text.slice(alone.text.length).replaceAll(/[\u2068\u2069]/g, '');
        const prefixes = promotions.map((_, i) => ` ${promotions.slice(0, i + 1).join(' ')}`.normalize('NFC'));
        expect(['', ...prefixes].map((each) => each.replaceAll(/[\u2068\u2069]/g, ''))).toContain(left);
      }),
    );
  });
});
