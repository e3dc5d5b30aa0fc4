import { describe, expect, test } from '@jest/globals';
import type { Promotion } from '@turno/shared';
import { promotionsFor, type PromotionScope } from './promotions.ts';

const scope: PromotionScope = {
  branchId: '27b6',
  serviceId: '7b6',
  channel: 'mobile',
  now: new Date('2017-02-20T10:00:00Z'),
};

const applies = (conditions: Partial<Promotion>, at: PromotionScope = scope) =>
  promotionsFor([{ id: 'p', text: 'yes', ...conditions }], at).length === 1;

describe('a promotion', () => {
  test.each<[string, Partial<Promotion>, boolean]>([
    ['has no conditions', {}, true],
    ['is for this branch', { branches: ['27b6'] }, true],
    ['is for other branches', { branches: ['99z', '98z'] }, false],
    ['is for this service among others', { services: ['zz1', '7b6'] }, true],
    ['is for another service', { services: ['zz1'] }, false],
    ['is for this channel', { channels: ['mobile'] }, true],
    ['is for another channel', { channels: ['kiosk'] }, false],
    ['is for the branch, but not the service', { branches: ['27b6'], services: ['zz1'] }, false],
    ['is for no branch at all', { branches: [] }, false],
    ['starts at this moment', { from: '2017-02-20T10:00:00Z' }, true],
    ['starts a second later', { from: '2017-02-20T10:00:01Z' }, false],
    ['ends at this moment', { until: '2017-02-20T10:00:00Z' }, false],
    ['ends a second later', { until: '2017-02-20T10:00:01Z' }, true],
    ['starts at this moment in Lima', { from: '2017-02-20T05:00:00-05:00' }, true],
    ['ended an hour ago in Lima', { until: '2017-02-20T04:00:00-05:00' }, false],
  ])('when it %s, then that decides', (_when, conditions, expected) => {
    expect(applies(conditions)).toBe(expected);
  });

  test('when the ticket has no channel, then a promotion for channels does not apply', () => {
    expect(applies({ channels: ['mobile'] }, { ...scope, channel: undefined })).toBe(false);
  });

  test('when several apply, then their texts come in the order of the catalogue', () => {
    const promotions = ['b', 'no', 'a'].map((text) => ({ id: text, text, ...(text === 'no' && { branches: ['zz'] }) }));

    expect(promotionsFor(promotions, scope)).toEqual(['b', 'a']);
  });
});
