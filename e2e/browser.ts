import { chromiumForTest } from '@turno/devstack';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** A page, and what went wrong in it that nobody would see: errors of scripts, violations of the security policy. */
export interface WatchedPage {
  readonly page: Page;
  readonly troubles: readonly string[];
}

/** One real Chromium for all specs of a file. */
export class TestBrowser {
  readonly #browser: Browser;
  #visited: WatchedPage[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch(await chromiumForTest()));
  }

  /** A page of somebody who was never here. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const context = await this.#browser.newContext({ locale: 'en-GB', timezoneId: 'America/Lima', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
    });
    await page.goto(url);
    return { page, troubles };
  }

  /** A page in which nothing is to go wrong; {@link leave} says whether something has. */
  async visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const watched = await this.open(url, options);
    this.#visited.push(watched);
    return watched.page;
  }

  /**
   * Closes all pages that were visited.
   *
   * @throws when something went wrong in one of them
   */
  async leave(): Promise<void> {
    const visited = this.#visited;
    this.#visited = [];
    await Promise.all(visited.map(({ page }) => page.context().close()));
    const troubles = visited.flatMap((page) => page.troubles);
    if (troubles.length > 0) throw new Error(`in the page: ${troubles.join('; ')}`);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
