import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { TestBrowser } from './browser.ts';
import { System } from './system.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const oddName = 'فرع القاهرة 🎟️ <b onclick="alert(1)">&amp;</b>';
const oddPlace = { branch_id: '58nz', sector_id: 'gf', service_id: '9a1' };
const small = { viewport: { width: 360, height: 640 } };

let system: System;
let browser: TestBrowser;

beforeAll(async () => {
  const odd = { id: '58nz', name: oddName };
  [system, browser] = await Promise.all([
    System.start('inbox-page', {
      catalogue: (demo) => ({
        ...demo,
        branches: demo.branches.map((branch) => (branch.id === odd.id ? { ...branch, ...odd } : branch)),
      }),
      variables: { INBOX_PRICE_PER_SEGMENT: '0.04 USD' },
    }),
    TestBrowser.launch(),
  ]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});
afterEach(() => browser.leave());

function open(path = '', options: Parameters<TestBrowser['open']>[1] = {}): Promise<Page> {
  return browser.visit(`${system.inboxUrl}${path}`, options);
}

/** Takes a ticket; resolves to its id and the moment of the 201. */
async function takeTicket(phone: string, where: object = place): Promise<{ id: string; at: number }> {
  const answer = await system.post({ ...where, phone });
  expect(answer.status).toBe(201);
  return { at: Date.now(), id: ((await answer.json()) as { id: string }).id };
}

/** The same, once the phone has its SMS: it is newer than those of before, and older than those that follow. */
async function takeTexted(phone: string, where: object): Promise<void> {
  const { id } = await takeTicket(phone, where);
  await eventually(async () => (await system.inbox()).some(({ ticket_id: ticket }) => ticket === id));
}

const phoneIn = (page: Page, phone: string) => page.locator(`#phones a[data-phone="${phone}"]`);
const bubbles = (page: Page) => page.locator('#messages .bubble');
const bubbleOf = (page: Page, ticket: string) => bubbles(page).filter({ hasText: ticket });
const chosen = (page: Page) => page.locator('#phones a[aria-current]').getAttribute('data-phone');

test('when nothing was sent yet, then the page says what to do; when a ticket is taken, then its SMS is there within 1 s', async () => {
  const page = await open();
  await page.getByText('No messages yet').waitFor();
  expect(await page.locator('pre').textContent()).toContain('/customer/v1/tickets');
  await page.evaluate(`new MutationObserver(() => { window.changedAt = Date.now(); })
    .observe(document.getElementById('thread-pane'), { childList: true, subtree: true })`);

  const took: number[] = [];
  for (let i = 0; i < 5; i++) {
    const { id, at } = await takeTicket('+51900000001');
    await bubbleOf(page, id).waitFor();
    took.push((await page.evaluate<number>('window.changedAt')) - at);
    await bubbleOf(page, id).getByText('Sent').waitFor();
  }

  // One of them may have met a moment in which other specs had both cores.
  expect(took.toSorted((a, b) => a - b)[2]).toBeLessThan(1_000);
  expect(await page.locator('.day').allTextContents()).toEqual(['Today']);
  expect(await bubbles(page).first().locator('.facts').textContent()).toMatch(/1 segment, GSM-7about US?\$0\.04ticket/);
});

test('when keys are used alone, then they go through phones, search without accents, and come back', async () => {
  await takeTexted('+51900000002', { ...place, service_id: '7c1' });
  await takeTexted('+51900000003', { ...place, service_id: '7c1' });
  await takeTexted('+51900000004', { ...place, sector_id: 's9', service_id: '7d2' });
  const page = await open('#+51900000004');
  await bubbles(page).first().waitFor();
  expect(await phoneIn(page, '+51900000002').locator('.unread').textContent()).toBe('1');

  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  expect(await chosen(page)).toBe('+51900000002');
  expect(page.url()).toMatch(/#\+51900000002$/);
  expect(await phoneIn(page, '+51900000002').locator('.unread').isVisible()).toBe(false);
  await page.keyboard.press('k');
  expect(await chosen(page)).toBe('+51900000003');

  await page.keyboard.press('/');
  await page.keyboard.type('CREDITOS');
  expect(await page.locator('#found').textContent()).toBe('1 phone found');
  expect(await page.locator('#phones mark').textContent()).toBe('Créditos');
  await page.keyboard.press('Escape');
  await page.keyboard.type('0000 2');
  expect(await page.locator('#phones .number').allTextContents()).toEqual(['+51900000002']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('k');
  expect(await chosen(page)).toBe('+51900000004');
});

test('when a failure is chosen from a message, then every page shows it, and why', async () => {
  const { id } = await takeTicket('+51900000005');
  const [page, other] = [await open('#+51900000005'), await open('#+51900000005')];
  const state = bubbleOf(page, id).getByRole('button', { name: /^Sent/ });

  await state.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Enter');

  for (const either of [page, other]) {
    await bubbleOf(either, id).getByRole('button', { name: 'Failed', disabled: true }).waitFor();
    expect(await bubbleOf(either, id).locator('.reason').textContent()).toBe('simulated in the inbox');
  }
});

test('when a phone answers STOP, then its next SMS is the turn alone; when it answers START, then promotions are back', async () => {
  const page = await open();
  const promotion = 'We have a promotion for you!';
  const before = await takeTicket('+51900000006');
  await phoneIn(page, '+51900000006').click();
  await bubbleOf(page, before.id).getByText(promotion).waitFor();

  await page.getByRole('button', { name: 'STOP' }).click();
  await page.getByText('Wants no promotions, only turns').first().waitFor();
  const stopped = await takeTicket('+51900000006');
  await bubbleOf(page, stopped.id).waitFor();
  await page.getByRole('button', { name: 'START' }).click();
  await page.getByText('Wants promotions').first().waitFor();
  const started = await takeTicket('+51900000006');

  await bubbleOf(page, started.id).getByText(promotion).waitFor();
  expect(await bubbleOf(page, stopped.id).textContent()).not.toContain(promotion);
});

test('when a text has another direction, emoji and HTML in it, then it is shown as the text it is', async () => {
  await takeTicket('+20100000007', oddPlace);

  const page = await open('#+20100000007');

  const text = bubbles(page).locator('.text');
  expect(await text.textContent()).toContain(oddName);
  expect(await text.locator('b').count()).toBe(0);
  expect(await text.getAttribute('dir')).toBe('auto');
  expect(await bubbles(page).locator('.facts').textContent()).toMatch(/[2-9] segments, UCS-2about US?\$0\.\d+/);
});

test.each(['light', 'dark'] as const)('when it is %s, then the page is so, and accessible', async (colorScheme) => {
  await takeTicket('+51900000008');
  const page = await open('#+51900000008', { colorScheme });
  await bubbles(page).first().waitFor();

  const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');

  expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(17, 24, 28)');
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('when the screen is small, then there is one pane at a time and nothing to scroll sideways', async () => {
  await takeTicket('+51900000009', oddPlace);
  const page = await open('', small);
  const widerThanScreen = () => page.evaluate('document.documentElement.scrollWidth > innerWidth');

  await phoneIn(page, '+51900000009').waitFor();
  expect(await page.locator('#thread-pane').isVisible()).toBe(false);
  expect(await widerThanScreen()).toBe(false);
  await phoneIn(page, '+51900000009').click();
  await bubbles(page).first().waitFor();
  expect(await page.locator('#list-pane').isVisible()).toBe(false);
  expect(await widerThanScreen()).toBe(false);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Back to all phones' }).click();
  await phoneIn(page, '+51900000009').waitFor();
});

test('when notifications does not answer, then the page says so, and catches up once it does', async () => {
  await takeTicket('+51900000010');
  const watched = await browser.open('about:blank');
  const { page } = watched;
  await page.route('**/inbox/events', (route) => route.abort());
  await page.goto(`${system.inboxUrl}#+51900000010`);

  await page.getByText('Connection lost').waitFor();
  await page.unroute('**/inbox/events');

  await bubbles(page).first().waitFor();
  expect(await page.locator('#notice').isVisible()).toBe(false);
  await page.context().close();
});

test('when a message comes for another phone, then it is announced, counted and on top, and the thread stays', async () => {
  await takeTicket('+51900000011');
  const page = await open('#+51900000011');
  await bubbles(page).first().waitFor();
  await page.getByRole('button', { name: 'Mark all read' }).click();

  await takeTicket('+51900000012');

  await page.getByText(/^New message to \+51900000012: /).waitFor();
  await eventually(async () => (await page.title()) === '(1) Turno inbox');
  expect(await page.locator('#phones a').first().getAttribute('data-phone')).toBe('+51900000012');
  expect(await chosen(page)).toBe('+51900000011');
});
