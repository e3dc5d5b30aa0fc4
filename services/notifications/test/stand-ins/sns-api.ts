import { createHash, createHmac } from 'node:crypto';
import { ProviderApi, type ApiAnswer, type ApiRequest } from './provider-api.ts';

export const accessKeyId = 'AKIDEXAMPLE';
export const secretAccessKey = 'aws-secret-that-nobody-may-see';
export const region = 'us-east-1';

/** The Publish action of Amazon SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export class SnsApi extends ProviderApi {
  readonly #published: URLSearchParams[] = [];

  static open(): Promise<SnsApi> {
    return new SnsApi().listen();
  }

  private constructor() {
    super();
  }

  delivered(to: string, text: string): number {
    return this.#published.filter((form) => form.get('PhoneNumber') === to && form.get('Message') === text).length;
  }

  protected answer(request: ApiRequest): ApiAnswer {
    if (!isSigned(request)) return problem(403, 'SignatureDoesNotMatch', 'The signature does not match');
    const form = new URLSearchParams(request.body);
    if (form.get('Action') !== 'Publish' || form.get('Version') !== '2010-03-31') {
      return problem(400, 'InvalidAction', 'Could not find the operation');
    }
    if (!/^\+\d{7,15}$/.test(form.get('PhoneNumber') ?? '')) {
      return problem(400, 'InvalidParameter', 'Invalid parameter: PhoneNumber');
    }
    if (!form.get('Message')) return problem(400, 'InvalidParameter', 'Invalid parameter: Empty message');
    this.#published.push(form);
    const id = `00000000-0000-0000-0000-${String(this.#published.length).padStart(12, '0')}`;
    return {
      status: 200,
      body:
        '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
        `<PublishResult><MessageId>${id}</MessageId></PublishResult>` +
        '<ResponseMetadata><RequestId>f187a3c1</RequestId></ResponseMetadata></PublishResponse>',
    };
  }
}

export function problem(status: number, code: string, message: string): ApiAnswer {
  return {
    status,
    body:
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error>' +
      `<Type>Sender</Type><Code>${code}</Code><Message>${message}</Message>` +
      '</Error><RequestId>f187a3c1</RequestId></ErrorResponse>',
  };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As AWS checks it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned({ method, path, headers, body }: ApiRequest): boolean {
  const pattern = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, key, scope = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  const date = scope.split('/')[0]!;
  if (key !== accessKeyId || scope !== `${date}/${region}/sns/aws4_request`) return false;
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, '', lines.join(''), names, hash(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, hash(canonical)].join('\n');
  const signingKey = [date, region, 'sns', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(signingKey, toSign).toString('hex') === signature;
}
