// Makes docs/console.png and docs/console-dark.png: `npm run screenshots`. No test tier runs it.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { TestBrowser } from '../browser.ts';
import { giveUp } from '../dead-letter.ts';
import { System } from '../system.ts';

const docs = join(import.meta.dirname, '../../docs');
const minute = 60_000;
const places = [
  { branch_id: '27b6', sector_id: 's8', service_id: '7b6' },
  { branch_id: '27b6', sector_id: 's9', service_id: '7d2' },
  { branch_id: '58nz', sector_id: 'gf', service_id: '9a1' },
  { branch_id: '27b6', sector_id: 's8', service_id: '7c1' },
];

/** So far behind the real time are ticketing and notifications, in milliseconds. */
let behind = 0;
let system: System;
let browser: TestBrowser;

beforeAll(async () => {
  const variables = { OPS_TOKEN: 'only-for-this-picture-0123456789' };
  [system, browser] = await Promise.all([
    System.start('console-screenshots', { clock: () => new Date(Date.now() - behind), variables }),
    TestBrowser.launch(),
  ]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});

/** An hour of tickets, as many as a morning has. */
async function takeAll(): Promise<void> {
  let taken = 0;
  for (let ago = 58; ago >= 0; ago--) {
    behind = ago * minute;
    const count = Math.round(3 + 2 * Math.sin(ago / 7) + 2 * Math.sin(ago / 2.5));
    for (let i = 0; i < count; i++) {
      const phone = `+51999${String(100_000 + taken * 7_919).slice(-6)}`;
      await system.post({ ...places[taken++ % (ago > 30 ? 2 : 4)], phone, channel: 'mobile' });
    }
    // Its SMS are of the same minute.
    const sent = taken;
    await eventually(async () => (await system.inbox()).length === sent);
  }
}

test('the console, light and dark', async () => {
  await takeAll();
  await giveUp(system.amqpUrl, [
    { messageId: '5kq0x2m7ab41zt9c.created', reason: 'the message is not JSON', body: '{"id": "5kq0' },
    { messageId: '81h3vr6dq0w2nn4e.created', reason: 'delivery_limit', body: '{}' },
    { messageId: '9z2f7ktm3c5b8y1a.created', reason: 'delivery_limit', body: '{}' },
  ]);
  const viewport = { width: 1_280, height: 1_440 };
  const { page, troubles } = await browser.open(system.consoleUrl, { viewport });
  await page.locator('#letters tr').nth(2).waitFor();
  await page.locator('#plots .u-over').nth(4).waitFor();
  await page.waitForTimeout(4_500);
  await page.screenshot({ path: join(docs, 'console.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(docs, 'console-dark.png') });
  expect(troubles).toEqual([]);
}, 120_000);
