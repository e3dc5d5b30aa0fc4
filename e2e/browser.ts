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

  close(): Promise<void> {
    return this.#browser.close();
  }
}
