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
  promotions_allowed: true,
} as unknown as TicketCreated['data'];

describe('smsText', () => {
  test('when the customer reads Spanish, then it is Spanish, the promotion behind the turn', () => {
    expect(smsText(ticket)).toBe(
      'Su turno es T2 en Hiper Central, Tower A, Plataforma. Espera estimada: 10-15 min. We have a promotion for you!',
    );
  });

  test('when the customer reads English, then it is English', () => {
    expect(smsText({ ...ticket, language: 'en' })).toBe(
      'Your turn is T2 at Hiper Central, Tower A, Plataforma. Expected wait: 10-15 min. We have a promotion for you!',
    );
  });

  test('when the customer opted out of promotions, then it is the turn alone', () => {
    const text = smsText({ ...ticket, promotions_allowed: false });

    expect(text).toBe('Su turno es T2 en Hiper Central, Tower A, Plataforma. Espera estimada: 10-15 min.');
  });

  test('when there are no messages, then it ends with the wait', () => {
    expect(smsText({ ...ticket, messages: [] })).toMatch(/10-15 min\.$/);
  });

  test('when there are several messages, then all follow in their order', () => {
    expect(smsText({ ...ticket, messages: ['First.', 'Second.'] })).toMatch(/min\. First\. Second\.$/);
  });

  test('when both estimates are equal, then the wait is one number', () => {
    expect(smsText({ ...ticket, low_estimated_time: '15', messages: [] })).toMatch(/Espera estimada: 15 min\.$/);
  });
});
