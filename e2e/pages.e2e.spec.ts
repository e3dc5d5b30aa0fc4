import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchOnce } from '@turno/testing';
import { TestBrowser } from './browser.ts';
import { serviceNames, System } from './system.ts';

const token = 'a-token-of-more-than-24-characters';
const root = join(import.meta.dirname, '..');

/** Every source that answers with HTML, and where. One that is not here fails the first test. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'services/gateway/src/http/api-reference.ts': ['api /docs'],
  'services/gateway/src/http/error-pages.ts': ['api /docs/errors/ab90'],
  'services/gateway/src/console/console-app.ts': ['ops /console', 'ops /console/help.html', 'ops /console/index.html'],
  'services/notifications/src/entry-points/inbox-page.ts': ['inbox ', 'inbox /index.html'],
};
const allPages = Object.values(pages).flat();

let system: System;
let browser: TestBrowser;

beforeAll(async () => {
  [system, browser] = await Promise.all([
    // Reached from other machines: then the console wants the token.
    System.start('pages', { variables: { OPS_TOKEN: token, OPS_HOST: '0.0.0.0' } }),
    TestBrowser.launch(),
  ]);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await system.stop();
});
afterEach(() => browser.leave());

function urlOf(page: string): string {
  const [where, path] = page.split(' ') as [string, string];
  const bases: Record<string, string> = {
    api: system.apiUrl,
    ops: system.consoleUrl.replace('/console', ''),
    inbox: system.inboxUrl,
  };
  return `${bases[where]}${path}`;
}

async function get(url: string) {
  const answer = await fetchOnce(url, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const sourceFolders = [...serviceNames.map((name) => `services/${name}/src`), 'packages/shared/src'];

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => `${folder}/${name}`);
}

describe('every page', () => {
  test('when a source answers with HTML, then its pages are among those that are looked at here', () => {
    const answering = sourceFolders
      .flatMap(sourcesIn)
      .filter((file) =>
        /type\('html'\)|text\/html|\.html'|express\.static/.test(readFileSync(join(root, file), 'utf8')),
      );

    expect(answering.toSorted()).toEqual(Object.keys(pages).toSorted());
    const files = [
      'services/gateway/console-page',
      'services/notifications/inbox-page',
      'packages/shared/page',
    ].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.html')));
    for (const file of files) expect(allPages.some((page) => page.endsWith(`/${file}`))).toBe(true);
  });

  test('when a source opens a server, then it is one of those whose every answer has the policy', () => {
    const opening = sourceFolders
      .flatMap(sourcesIn)
      .filter((file) => /createServer\(/.test(readFileSync(join(root, file), 'utf8')));

    expect(opening.toSorted()).toEqual([
      'packages/shared/src/ops-server.ts',
      'services/gateway/src/http/server.ts',
      'services/notifications/src/public-server.ts',
    ]);
  });

  test.each(allPages)(
    'when %s is fetched, then its policy allows what its own server serves, and nothing inline',
    async (page) => {
      const answer = await get(urlOf(page));
      const policy = answer.headers.get('content-security-policy') ?? '';

      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(policy).toMatch(/^default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; /);
      expect(policy).not.toMatch(/unsafe|\*|https?:|blob:/);
      expect(answer.text).not.toMatch(/<style|<script(?![^>]* src=)|style="| on\w+="|javascript:/);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()') as unknown,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    },
  );

  test.each([
    'api /customer/v1/branches',
    'api /nowhere',
    'api /docs/errors/zzzz',
    'api /docs/assets/swagger-ui.css',
    'api /%FF',
    'api /openapi.json',
    'ops /readyz',
    'ops /metrics',
    'ops /nowhere',
    'ops /console/nothing',
    'ops /console/%FF',
    'ops /console/figures',
    'ops /dead-letters',
    'inbox /messages',
    'inbox /nowhere',
    'inbox /inbox.js',
    'inbox /%FF',
  ])('when %s is fetched, which is no page, then a browser may make nothing of it', async (path) => {
    const { headers } = await get(urlOf(path));

    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('in a browser', () => {
  test('when the API reference is opened and a call is tried, then nothing breaks the policy', async () => {
    const page = await browser.visit(urlOf('api /docs'));
    await page.getByText('/customer/v1/branches', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Execute' }).first().click();
    const answer = page.locator('.responses-table.live-responses-table').first();
    await answer.getByText('200').waitFor();

    expect(await answer.textContent()).toContain('27b6');
  });

  test('when an error page is opened, then its style is applied', async () => {
    const page = await browser.visit(urlOf('api /docs/errors/ab90'));

    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none');
  });

  test('when the console is opened from elsewhere with the password, then its figures come; without it nothing does', async () => {
    const page = await browser.visit(system.consoleUrl, { httpCredentials: { username: 'me', password: token } });
    await page.getByRole('heading', { name: 'All well' }).waitFor();
    await page.locator('#tiles li').first().waitFor();

    expect((await fetchOnce(system.consoleUrl)).status).toBe(401);
    expect((await fetchOnce(`${system.consoleUrl}/figures`)).status).toBe(401);
  });

  test('when a page of another site frames or fetches the inbox, then it gets nothing', async () => {
    const inbox = system.inboxUrl;
    const elsewhere = async (dest: string) =>
      (await fetchOnce(`${inbox}/messages`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': dest } }))
        .status;

    expect(await elsewhere('iframe')).toBe(403);
    expect(await elsewhere('empty')).toBe(403);
  });
});

test('when nobody says the token, then operations servers of a network tell of health and metrics, and of nothing else', async () => {
  for (const service of serviceNames) {
    const statusOf = async (path: string) => (await system.ops(service, path)).status;

    for (const path of ['/livez', '/readyz', '/metrics']) expect(await statusOf(path)).toBe(200);
    for (const path of ['/', '/log-level', '/dead-letters', '/console', '/console/console.js', '/console/events'])
      expect(await statusOf(path)).toBe(401);
  }
});
