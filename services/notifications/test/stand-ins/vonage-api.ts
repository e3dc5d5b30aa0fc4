import { z } from 'zod';
import { ProviderApi, type ApiAnswer, type ApiRequest } from './provider-api.ts';

export const apiKey = 'abcd1234';
export const apiSecret = 'vonage-secret-that-nobody-may-see';

const message = z.object({
  channel: z.literal('sms'),
  message_type: z.literal('text'),
  to: z.string().regex(/^[1-9]\d{6,14}$/),
  from: z.string().min(1),
  text: z.string().min(1).max(1_000),
  client_ref: z.string().max(100).optional(),
  webhook_url: z.url().optional(),
  webhook_version: z.enum(['v0.1', 'v1']).optional(),
  ttl: z.number().min(20).max(604_800).optional(),
});

/** The Messages API for SMS: https://developer.vonage.com/en/api/messages */
export class VonageApi extends ProviderApi {
  readonly #sent: z.infer<typeof message>[] = [];

  static open(): Promise<VonageApi> {
    return new VonageApi().listen();
  }

  private constructor() {
    super();
  }

  delivered(to: string, text: string): number {
    return this.#sent.filter((sms) => `+${sms.to}` === to && sms.text === text).length;
  }

  protected answer({ method, path, headers, body }: ApiRequest): ApiAnswer {
    if (headers.authorization !== `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`) {
      return problem(401, 'Unauthorized');
    }
    if (method !== 'POST' || path !== '/v1/messages') return problem(404, 'Not found');
    const parsed = message.safeParse(JSON.parse(body));
    if (!parsed.success) return problem(422, 'Invalid params');
    this.#sent.push(parsed.data);
    const uuid = `aaaaaaaa-bbbb-4ccc-8ddd-${String(this.#sent.length).padStart(12, '0')}`;
    return { status: 202, body: { message_uuid: uuid } };
  }
}

export function problem(status: number, title: string): ApiAnswer {
  const body = {
    type: 'https://developer.vonage.com/api-errors/messages',
    title,
    detail: 'The value of one or more parameters is invalid.',
    instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
  };
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}
