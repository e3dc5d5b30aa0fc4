import { ProviderApi, type ApiAnswer, type ApiRequest } from './provider-api.ts';

export const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
export const authToken = 'twilio-token-that-nobody-may-see';
export const messagingServiceSid = `MG${'0123456789abcdef'.repeat(2)}`;

interface Message {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly direction: string;
  readonly date_created: string;
}

/** Twilio's Messages resource: https://www.twilio.com/docs/messaging/api/message-resource */
export class TwilioApi extends ProviderApi {
  readonly #messages: Message[] = [];
  readonly #clock: () => Date;

  private constructor(clock: () => Date) {
    super();
    this.#clock = clock;
  }

  static open(clock: () => Date = () => new Date()): Promise<TwilioApi> {
    return new TwilioApi(clock).listen();
  }

  delivered(to: string, text: string): number {
    return this.#messages.filter((message) => message.to === to && message.body === text).length;
  }

  protected answer({ method, path, headers, body }: ApiRequest): ApiAnswer {
    const url = new URL(path, 'https://api.twilio.com');
    if (headers.authorization !== `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`) {
      return problem(401, 20003, 'Authenticate');
    }
    if (url.pathname !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) return problem(404, 20404, 'Not found');
    if (method === 'GET') return this.#list(url.searchParams);
    if (method !== 'POST') return problem(405, 20004, 'Method not allowed');
    return this.#create(new URLSearchParams(body));
  }

  #create(form: URLSearchParams): ApiAnswer {
    const [to, body] = [form.get('To'), form.get('Body')];
    const senders = ['From', 'MessagingServiceSid'].filter((name) => form.get(name));
    if (!to) return problem(400, 21604, "A 'To' phone number is required");
    if (!body) return problem(400, 21602, 'Message body is required');
    if (senders.length === 0) return problem(400, 21603, "A 'From' phone number is required");
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return problem(400, 21211, `The 'To' number ${to} is not valid`);
    const validity = Number(form.get('ValidityPeriod') ?? 36_000);
    if (!(validity >= 1 && validity <= 36_000)) return problem(400, 21718, 'ValidityPeriod is out of range');
    const sid = `SM${String(this.#messages.length + 1).padStart(32, '0')}`;
    const date_created = this.#clock().toUTCString();
    const message = { sid, to, body, direction: 'outbound-api', date_created };
    this.#messages.unshift(message);
    return { status: 201, body: resource(message) };
  }

  /** Newest first. Those that wait in the queue have no date of sending, and are in the list all the same. */
  #list(query: URLSearchParams): ApiAnswer {
    const found = this.#messages.filter(({ to }) => !query.has('To') || to === query.get('To'));
    const messages = found.slice(0, Number(query.get('PageSize') ?? 50)).map(resource);
    return { status: 200, body: { messages, page: 0, page_size: messages.length, next_page_uri: null } };
  }
}

function resource(message: Message) {
  return {
    ...message,
    account_sid: accountSid,
    status: 'accepted',
    date_sent: null,
    date_updated: message.date_created,
    error_code: null,
    error_message: null,
    num_segments: '0',
    num_media: '0',
    price: null,
    price_unit: 'USD',
    subresource_uris: {},
  };
}

export function problem(status: number, code: number, message: string): ApiAnswer {
  return { status, body: { status, code, message, more_info: `https://www.twilio.com/docs/errors/${code}` } };
}
