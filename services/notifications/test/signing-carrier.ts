import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Callback, CallbackRequest } from '../src/sms/sms-provider.ts';
import { Carrier } from './carrier.ts';

const signatureHeader = 'x-carrier-signature';

/** A carrier that calls back: JSON, signed over the URL that it was told to call and the body. */
export class SigningCarrier extends Carrier {
  readonly #secret: string;

  constructor(secret = 'a secret of the specs') {
    super();
    this.#secret = secret;
  }

  sign(url: string, body = ''): Record<string, string> {
    return { [signatureHeader]: createHmac('sha256', this.#secret).update(url).update(body).digest('hex') };
  }

  readCallback({ url, headers, body }: CallbackRequest): Callback[] | 'forged' {
    const expected = Buffer.from(this.sign(url, body.toString())[signatureHeader]!);
    const given = Buffer.from(String(headers[signatureHeader]));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
    if (body.length > 0) return JSON.parse(body.toString()) as Callback[];
    const key = new URL(url).searchParams.get('delivered');
    return key === null ? [] : [{ kind: 'delivery', key, state: 'DELIVERED' }];
  }
}

/** One that wants to read something. */
export class TalkativeCarrier extends SigningCarrier {
  override readonly name = 'talkative' as 'carrier';
  readonly callbackAnswer = { contentType: 'text/xml', body: '<Response/>' };
}
