import type { Clock } from '@turno/shared';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import { measured } from '../domain/segments.ts';
import { defineProvider } from './provider-definition.ts';
import type { AccountState, SendResult, Sms, SmsProvider } from './sms-provider.ts';

export const inbox = defineProvider({
  name: 'inbox',
  variables: {},
  needs: [],
  create: async (parts) => new Inbox(parts.inbox, parts.clock),
});

/** The development inbox: a provider that sends nothing and keeps every message for people to look at. */
export class Inbox implements SmsProvider {
  readonly name = 'inbox';
  readonly recognisesKeys = true;
  readonly hasPromotionsSender = true;
  readonly #messages: InboxRepository;
  readonly #clock: Clock;

  constructor(messages: InboxRepository, clock: Clock) {
    this.#messages = messages;
    this.#clock = clock;
  }

  async send({ key, ticketId, purpose, to, text }: Sms): Promise<SendResult> {
    await this.#messages.keep({ key, ticketId, purpose, to, ...measured(text), sentAt: this.#clock() });
    return { kind: 'sent', providerId: key };
  }
  async askAccount(): Promise<AccountState> {
    return { kind: 'doubtful', saw: 'the inbox keeps messages and sends none: nobody gets an SMS' };
  }
}
