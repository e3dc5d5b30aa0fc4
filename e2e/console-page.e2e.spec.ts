import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually, fetchOnce } from '@turno/testing';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { TestBrowser } from './browser.ts';
import { giveUp } from './dead-letter.ts';
import { System } from './system.ts';

const token = 'a-token-of-more-than-24-characters';
const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const small = { viewport: { width: 360, height: 640 } };

let system: System;
let browser: TestBrowser;

beforeAll(async () => {
  [system, browser] = await Promise.all([
    System.start('console-page', { variables: { OPS_TOKEN: token } }),
    TestBrowser.launch(),
  ]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});
afterEach(() => browser.leave());

async function open(options: Parameters<TestBrowser['open']>[1] = {}): Promise<Page> {
  const page = await browser.visit(system.consoleUrl, options);
  await page.locator('#tiles li').first().waitFor();
  return page;
}

const tile = (page: Page, label: string) =>
  page.locator('#tiles li').filter({ has: page.getByText(label, { exact: true }) });
const letterOf = (page: Page, id: string) => page.locator('#letters tr').filter({ hasText: id });
/** How many of the plots have something drawn on them. */
const drawnPlots = (page: Page) =>
  page.evaluate<number>(`[...document.querySelectorAll('.u-wrap canvas')].filter((canvas) =>
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte > 0)).length`);

test('when a ticket is taken, then the plots are drawn, and its branch, its call and its SMS appear', async () => {
  const page = await open();
  await page.getByRole('heading', { name: 'All well' }).waitFor();

  const answer = await system.post({ ...place, phone: '+51900000001' });
  const { id } = (await answer.json()) as { id: string };

  await page.locator('#sms-lines tr').filter({ hasText: id }).getByText('SENT').waitFor();
  await page.locator('.legend').getByText('Hiper').waitFor();
  expect(await page.locator('#sms-lines').textContent()).toContain('+51*******01');
  expect(await drawnPlots(page)).toBe(5);
  expect(await tile(page, 'Calls to ticketing, p95').textContent()).toMatch(/ms.*of 1 call in 5 min/);
  await eventually(async () => (await tile(page, 'Tickets').locator('.value').textContent()) === '1');
});

test('when a dead letter is there, then it is listed with its reason, and the button redrives it with the token', async () => {
  const page = await open();
  await giveUp(system.amqpUrl, [
    { messageId: 'event-1', reason: 'no way to reach +51987776576', body: 'not JSON' },
    { messageId: 'event-2', reason: 'a reason <b>of its own</b>', body: 'not JSON' },
  ]);
  await letterOf(page, 'event-2').getByText('a reason <b>of its own</b>').waitFor();
  expect(await letterOf(page, 'event-1').textContent()).toContain('no way to reach +51*******76');
  await page.getByRole('heading', { name: 'Look at this' }).waitFor();

  const button = page.getByRole('button', { name: 'Redrive event-2' });
  await button.click();
  await page.getByText('Enter the operator’s token first.').waitFor();
  await page.keyboard.type(token);
  await button.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();

  await page.getByText('1 dead letter was redriven.').waitFor();
  // It is no event, so it comes back, for a reason of notifications' own.
  await letterOf(page, 'event-2').getByText('the message is not JSON').waitFor();
  await letterOf(page, 'event-1').waitFor();
});

test('when another site, or somebody without the token, asks to redrive, then nothing is done, and it says why', async () => {
  const post = (headers: Record<string, string>, body = '{"all": true}') =>
    fetchOnce(`${system.consoleUrl}/dead-letters/redrive`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    });

  const answers = await Promise.all([
    post({ authorization: 'Bearer something-else' }),
    post({ 'sec-fetch-site': 'cross-site' }),
    post({ origin: 'https://example.com' }),
    post({ 'content-type': 'text/plain' }),
    post({}, '{"all": true, "id": "event-1"}'),
    post({}, 'not JSON'),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([401, 403, 403, 415, 400, 400]);
  expect(await (await fetchOnce(`${system.consoleUrl}/figures`)).json()).toMatchObject({
    deadLetters: { value: { waiting: 2 } },
  });
});

test('when it is light, and then dark, then the page is so, and accessible', async () => {
  const page = await open({ colorScheme: 'light' });
  await letterOf(page, 'event-1').waitFor();
  const background = () => page.evaluate(`getComputedStyle(document.getElementById('top')).backgroundColor`);

  expect(await background()).toBe('rgb(255, 255, 255)');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).toBe('rgb(17, 24, 28)');
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('when the screen is small, then there is nothing to scroll sideways; and the help opens where it is needed', async () => {
  const page = await open(small);
  await letterOf(page, 'event-1').waitFor();

  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'What to do' }).click();
  await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
  expect(page.url()).toMatch(/\/console\/help\.html#dead-letters$/);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('when a service is away, then the page says so and since when, the rest goes on, and it is well once it is back', async () => {
  const page = await open();
  await letterOf(page, 'event-1').waitFor();

  await system.stopNotifications();
  await page.getByText(/^Notifications does not answer: /).waitFor();
  await page
    .locator('#sms-note')
    .getByText(/No answer since .+; as of /)
    .waitFor();
  expect(await page.locator('#sms-lines tr').count()).toBeGreaterThan(0);
  await system.startNotifications();

  await page.getByText(/^Notifications does not answer: /).waitFor({ state: 'detached' });
});

test('when the gateway itself does not answer, then the page says how old it is, and catches up once it does', async () => {
  const { page } = await browser.open('about:blank');
  await page.route('**/console/events', (route) => route.abort());
  await page.goto(system.consoleUrl);

  await page.getByText('The gateway does not answer').waitFor();
  await page.unroute('**/console/events');

  await page.getByText(/^Live, \d s ago$/).waitFor();
  expect(await page.locator('#notice').isVisible()).toBe(false);
  await page.context().close();
});

test('when somebody opens the operations server at its root, then the console is there', async () => {
  const answer = await fetchOnce(new URL('/', system.consoleUrl), { redirect: 'manual' });

  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console']);
});
