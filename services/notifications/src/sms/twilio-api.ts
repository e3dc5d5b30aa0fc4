export interface TwilioApiOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly timeoutMs: number;
  /** Of a stand-in, for tests. */
  readonly base?: string | undefined;
}

/** Twilio answered 429. */
export class TwilioThrottles extends Error {
  override readonly name = 'TwilioThrottles';
  /** The Retry-After header, if there was one. */
  readonly retryAfter: unknown;

  constructor(retryAfter: unknown) {
    super('too many requests (Twilio answered 429)');
    this.retryAfter = retryAfter;
  }
}

/** Twilio's SDK, loaded when it is wanted: its client, which repeats nothing by itself, and its check of signatures. */
export async function twilioApi({ accountSid, authToken, timeoutMs, base }: TwilioApiOptions) {
  const { default: sdk } = await import('twilio');
  type Request = Parameters<InstanceType<typeof sdk.RequestClient>['request']>[0];

  /** The SDK's errors do not hold the headers of the answer, and its client cannot be told of another address. */
  class Requests extends sdk.RequestClient {
    override async request<T>(options: Request) {
      const uri = base === undefined ? options.uri : options.uri.replace('https://api.twilio.com', base);
      const response = await super.request<T>({ ...options, uri } as never);
      if (response.statusCode === 429) {
        throw new TwilioThrottles((response as unknown as { headers: Record<string, unknown> }).headers['retry-after']);
      }
      return response;
    }
  }

  const httpClient = new Requests({ timeout: timeoutMs, autoRetry: false });
  return {
    accountSid,
    client: sdk(accountSid, authToken, { httpClient }),
    isSigned: (url: string, signature: string, form: Readonly<Record<string, string>>): boolean =>
      sdk.validateRequest(authToken, signature, url, form),
  };
}
