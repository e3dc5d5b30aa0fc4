import { createServer } from 'node:http';
import {
  closeServer,
  httpLimits,
  limitConnections,
  listen,
  serverOptions,
  type Clock,
  type Logger,
} from '@turno/shared';
import type { NotificationsConfig } from './config.ts';
import type { InboxView } from './data-access/inbox-view.ts';
import type { ReceiveCallback } from './domain/receive-callback.ts';
import { createApp } from './entry-points/app.ts';
import { InboxFeed } from './entry-points/inbox-feed.ts';
import { inboxSettings } from './inbox-settings.ts';
import type { SmsProviders } from './sms/sms-providers.ts';

export interface PublicServerOptions {
  readonly config: NotificationsConfig;
  readonly providers: SmsProviders;
  readonly receiveCallback: ReceiveCallback;
  readonly view: InboxView;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PublicServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A callback is small: who takes longer to send one wants to keep the server busy. */
const limits = { ...httpLimits, requestTimeoutMs: 15_000 };

/** Opens the server for the providers' callbacks and, where the inbox is the provider, for its page. */
export async function openPublicServer(options: PublicServerOptions): Promise<PublicServer> {
  const { config, providers, receiveCallback, view, clock, logger } = options;
  const feed = new InboxFeed({ view, clock, logger });
  const inbox = { view, feed, receiveCallback, settings: inboxSettings(config) };
  const app = createApp({
    inbox: providers.of('inbox') && inbox,
    callbacks: { providers: providers.all, receiveCallback, publicUrl: config.SMS_CALLBACK_URL },
    logger,
  });
  const server = createServer(serverOptions(limits), app);
  limitConnections(server, limits);
  return {
    port: await listen(server, config.NOTIFICATIONS_PORT, config.NOTIFICATIONS_HOST),
    close: async () => {
      // Pages that listen would keep it open.
      feed.close();
      await closeServer(server);
    },
  };
}
