import { describe, expect, test } from '@jest/globals';
import type { TicketCreated } from '@turno/shared';
import { smsText } from './sms-text.ts';

const ticket = {
  queue: 'T',
  number: 2,
  low_estimated_time: '10',
  high_estimated_time: '15',
  messages: ['We have a promotion for you!'],
  branch: { name: 'Hiper Central' },
  sector: { name: 'Tower A' },
  service: { name: 'Plataforma' },
  language: 'es',
} as unknown as TicketCreated['data'];

describe('smsText', () => {
  test('when the customer reads Spanish, then it is Spanish, the promotion behind the turn', () => {
    expect(smsText(ticket, true)).toBe(
      'Su turno es T2 en Hiper Central, Tower A, Plataforma. Espera estimada: 10-15 min. We have a promotion for you!',
    );
  });

  test('when the customer reads English, then it is English', () => {
    expect(smsText({ ...ticket, language: 'en' }, true)).toBe(
      'Your turn is T2 at Hiper Central, Tower A, Plataforma. Expected wait: 10-15 min. We have a promotion for you!',
    );
  });

  test('when the customer opted out of promotions, then it is the turn alone', () => {
    const text = smsText(ticket, false);

    expect(text).toBe('Su turno es T2 en Hiper Central, Tower A, Plataforma. Espera estimada: 10-15 min.');
  });

  test('when there are no messages, then it ends with the wait', () => {
    expect(smsText({ ...ticket, messages: [] }, true)).toMatch(/10-15 min\.$/);
  });

  test('when there are several messages, then all follow in their order', () => {
    expect(smsText({ ...ticket, messages: ['First.', 'Second.'] }, true)).toMatch(/min\. First\. Second\.$/);
  });

  test('when both estimates are equal, then the wait is one number', () => {
    expect(smsText({ ...ticket, low_estimated_time: '15', messages: [] }, true)).toMatch(/Espera estimada: 15 min\.$/);
  });
});
