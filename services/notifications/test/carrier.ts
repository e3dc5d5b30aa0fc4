import type { LookUpResult, SendResult, Sms, SmsProvider } from '../src/sms/sms-provider.ts';

/** What a carrier does with a message: answers, or breaks off with or without having taken it. */
export type Behaviour = SendResult['kind'] | 'ambiguous, though taken' | 'breaks off' | 'takes it and breaks off';

/** A carrier by the book of the port: behaves as told, attempt by attempt, and then takes what comes. */
export class Carrier implements SmsProvider {
  readonly name: string = 'carrier';
  /** The messages that reach a phone. */
  readonly delivered: Sms[] = [];
  readonly #behaviours: Behaviour[];

  constructor(...behaviours: Behaviour[]) {
    this.#behaviours = behaviours;
  }

  /** The next message meets this. */
  next(behaviour: Behaviour): void {
    this.#behaviours.push(behaviour);
  }

  async send(sms: Sms): Promise<SendResult> {
    const behaviour = this.#behaviours.shift() ?? 'sent';
    if (['sent', 'takes it and breaks off', 'ambiguous, though taken'].includes(behaviour)) this.deliver(sms);
    switch (behaviour) {
      case 'sent':
        return { kind: 'sent', providerId: this.idOf(sms.key) };
      case 'breaks off':
      case 'takes it and breaks off':
        throw new Error('socket hang up');
      case 'ambiguous, though taken':
        return { kind: 'ambiguous', reason: 'the carrier says nothing' };
      case 'away':
      case 'throttled':
      case 'transient':
      case 'permanent':
      case 'ambiguous':
        return { kind: behaviour, reason: `the carrier says ${behaviour}` };
    }
  }

  protected deliver(sms: Sms): void {
    this.delivered.push(sms);
  }

  protected idOf(key: string): string {
    return `carrier-${this.delivered.findIndex((sms) => sms.key === key) + 1}`;
  }
}

/** A carrier to whom a repeated key is the message it has already. */
export class RecognisingCarrier extends Carrier {
  readonly recognisesKeys = true;

  protected override deliver(sms: Sms): void {
    if (!this.delivered.some(({ key }) => key === sms.key)) super.deliver(sms);
  }
}

/** A carrier that can be asked what became of a message. */
export class AskableCarrier extends Carrier {
  async lookUp({ key }: Sms): Promise<LookUpResult> {
    if (!this.delivered.some((sms) => sms.key === key)) return { kind: 'never-received' };
    return { kind: 'sent', providerId: this.idOf(key) };
  }
}
