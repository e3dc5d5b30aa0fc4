import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, createLogger } from '@turno/shared';
import { z } from 'zod';
import { receiveCallbackUseCase } from '../src/domain/receive-callback.ts';
import { createApp } from '../src/entry-points/app.ts';
import { InboxFeed } from '../src/entry-points/inbox-feed.ts';
import { inboxSettings, inboxVariables } from '../src/inbox-settings.ts';
import type { Notifying } from './notifying.ts';

const silent = createLogger('spec', 'silent');

/** An instance of notifications as far as the inbox goes: its server, on the database of the others. */
export class Instance {
  readonly feed: InboxFeed;
  readonly #server: Server;

  private constructor(notifying: Notifying) {
    const { records, consents, view } = notifying;
    const clock = () => notifying.now;
    this.feed = new InboxFeed({ view, clock, logger: silent });
    const receiveCallback = receiveCallbackUseCase({ records, consents, clock, logger: silent });
    const settings = inboxSettings(z.object(inboxVariables).parse({ INBOX_PRICE_PER_SEGMENT: '0.035 USD' }));
    const inbox = { view, feed: this.feed, receiveCallback, settings };
    const callbacks = { providers: [], receiveCallback, publicUrl: undefined };
    this.#server = createServer(createApp({ inbox, callbacks, logger: silent }));
  }

  static async open(notifying: Notifying): Promise<Instance> {
    const instance = new Instance(notifying);
    await once(instance.#server.listen(0, '127.0.0.1'), 'listening');
    return instance;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/inbox`;
  }

  async close(): Promise<void> {
    this.feed.close();
    await closeServer(this.#server);
  }
}
