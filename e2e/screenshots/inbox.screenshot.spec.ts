// Makes docs/inbox.png and docs/inbox-dark.png: `npm run screenshots`. No test tier runs it.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, fetchOnce } from '@turno/testing';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../browser.ts';
import { System } from '../system.ts';

const json = { 'content-type': 'application/json' };
const docs = join(import.meta.dirname, '../../docs');
const minute = 60_000;
const hiper = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const caja = { ...hiper, service_id: '7c1' };
const credits = { branch_id: '27b6', sector_id: 's9', service_id: '7d2' };
const auckland = { branch_id: '58nz', sector_id: 'gf', service_id: '9a1' };
/** Minutes ago, the phone, where. */
const tickets: [number, string, object][] = [
  [1_610, '+51987776576', hiper],
  [96, '+64211234567', auckland],
  [74, '+51944120881', credits],
  [41, '+51922365140', caja],
  [33, '+51987776576', caja],
  [12, '+51910487733', hiper],
  [3, '+51999031276', caja],
];

let now = new Date();
let system: System;
let browser: TestBrowser;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start('screenshots', { clock: () => now }), TestBrowser.launch()]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});

async function takeAll(): Promise<void> {
  const today = new Date();
  today.setUTCHours(16, 24, 0, 0);
  for (const [i, [ago, phone, place]] of tickets.entries()) {
    now = new Date(today.getTime() - ago * minute);
    await system.post({ ...place, phone, channel: 'mobile' });
    await eventually(async () => (await system.inbox()).length > i);
    now = new Date(now.getTime() + 2 * minute);
    if (i === 0) await stopPromotions(phone);
  }
}

async function stopPromotions(phone: string): Promise<void> {
  const body = JSON.stringify({ text: 'STOP' });
  await fetchOnce(`${system.inboxUrl}/phones/${phone}/replies`, { method: 'POST', headers: json, body });
}

async function prepare(page: Page): Promise<void> {
  await page.locator('#phones a[data-phone="+51987776576"]').click();
  const states = page.locator('#messages .bubble .state');
  await states.first().click();
  await page.getByRole('menuitem', { name: 'Delivered' }).click();
  await page.getByRole('button', { name: 'Delivered' }).waitFor();
  await states.last().click();
}

test('the inbox, light and dark', async () => {
  await takeAll();
  now = new Date(now.getTime() + minute);
  const viewport = { width: 1_080, height: 640 };
  const { page } = await browser.open(system.inboxUrl, { viewport, locale: 'en-GB' });
  await page.clock.setSystemTime(now);
  await page.evaluate(`localStorage.setItem('turno-inbox-seen', JSON.stringify({
    '+64211234567': '9', '+51944120881': '9', '+51922365140': '9' }))`);
  await page.reload();
  await prepare(page);
  await page.screenshot({ path: join(docs, 'inbox.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: join(docs, 'inbox-dark.png') });
  expect(await page.getByRole('menuitem').count()).toBe(2);
}, 60_000);
