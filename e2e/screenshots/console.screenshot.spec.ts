// Makes docs/console.png and docs/console-dark.png: `npm run screenshots`. No test tier runs it.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, fetchOnce } from '@turno/testing';
import { TestBrowser } from '../browser.ts';
import { giveUp } from '../dead-letter.ts';
import { System } from '../system.ts';

const docs = join(import.meta.dirname, '../../docs');
const second = 1_000;
const hour = 3_600 * second;
const step = 20 * second;
const hiper = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const credits = { branch_id: '27b6', sector_id: 's9', service_id: '7d2' };
const auckland = { branch_id: '58nz', sector_id: 'gf', service_id: '9a1' };

/** So far behind the real time are the services, in milliseconds. */
let behind = hour;
let taken = 0;
let system: System;
let browser: TestBrowser;

beforeAll(async () => {
  const variables = { OPS_TOKEN: 'only-for-this-picture-0123456789', RPC_TIMEOUT_MS: '300' };
  [system, browser] = await Promise.all([
    System.start('console-screenshots', { clock: () => new Date(Date.now() - behind), variables }),
    TestBrowser.launch(),
  ]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});

async function take(place: object): Promise<void> {
  const phone = `+51999${String(100_000 + ++taken * 7_919).slice(-6)}`;
  await system.post({ ...place, phone, channel: 'mobile' });
}

/** A few tickets, as many as a morning has at that time, and what the console sees of them. */
async function takeSome(ago: number): Promise<void> {
  const wave = Math.sin(ago / (8 * 60 * second)) + Math.sin(ago / (2.4 * 60 * second));
  for (let i = 0; i < Math.round(1.2 + wave * 0.7); i++) await take(i % 2 === 0 ? hiper : credits);
  if (ago < hour * 0.6 && taken % 3 === 0) await take(auckland);
  await eventually(async () => (await system.inbox()).length >= Math.min(taken, 1_000));
  await fetchOnce(`${system.consoleUrl}/figures`);
}

async function withoutTicketing(): Promise<void> {
  await system.stopTicketing();
  for (let i = 0; i < 4; i++) await system.post({ ...hiper, channel: 'mobile' });
  await fetchOnce(`${system.consoleUrl}/figures`);
  await system.startTicketing();
}

test('the console, light and dark', async () => {
  for (let ago = hour - step; ago >= 0; ago -= step) {
    behind = ago;
    if (ago === hour / 3) await withoutTicketing();
    await takeSome(ago);
  }
  await giveUp(system.amqpUrl, [
    { messageId: '5kq0x2m7ab41zt9c.created', reason: 'the message is not JSON', body: '{"id": "5kq0' },
    { messageId: '81h3vr6dq0w2nn4e.created', reason: 'delivery_limit', body: '{}' },
    { messageId: '9z2f7ktm3c5b8y1a.created', reason: 'delivery_limit', body: '{}' },
  ]);
  const { page, troubles } = await browser.open(system.consoleUrl, { viewport: { width: 1_280, height: 1_440 } });
  await page.locator('#letters tr').nth(2).waitFor();
  await page.locator('#plots .u-over').nth(4).waitFor();
  await page.screenshot({ path: join(docs, 'console.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  // The plots are drawn anew with the next figures at the latest.
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: join(docs, 'console-dark.png') });
  expect(troubles).toEqual([]);
}, 180_000);
