import type { SendResult, Sms, SmsProvider } from '../src/sms/sms-provider.ts';

/** A carrier that answers when it is told to. */
export class SlowCarrier implements SmsProvider {
  readonly name = 'slow carrier';
  readonly taken: Sms[] = [];
  readonly #answer = Promise.withResolvers<SendResult>();

  send(sms: Sms): Promise<SendResult> {
    this.taken.push(sms);
    return this.#answer.promise;
  }

  answer(result: SendResult): void {
    this.#answer.resolve(result);
  }
}
