import type { GetSMSAttributesCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { wholeNumber } from '@turno/shared';
import { z } from 'zod';
import type { SmsPurpose } from '../domain/sms-record.ts';
import { accountStateOf, longestTimeoutMs, withoutAnswer } from './failures.ts';
import { defineProvider, type Mistake } from './provider-definition.ts';
import { verdictOf } from './sns-answers.ts';
import type { AccountState, SendResult, Sms, SmsProvider } from './sms-provider.ts';

const senderId = z
  .string()
  .regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, 'a name of up to 11 letters, digits and hyphens is expected');
const originationNumber = z.string().regex(/^\+?\d{3,15}$/, 'a number of the account is expected');

const variables = {
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region like us-east-1 is expected')
    .optional()
    .meta({
      unset: 'required by `sns`',
      description: "the region; credentials come from where AWS's SDK looks for them",
    }),
  SNS_SENDER_ID: senderId
    .optional()
    .meta({ unset: 'what AWS chooses', description: 'the name that the turn comes from' }),
  SNS_ORIGINATION_NUMBER: originationNumber
    .optional()
    .meta({ unset: 'what AWS chooses', description: 'the number that the turn comes from' }),
  SNS_PROMOTIONS_SENDER_ID: senderId
    .optional()
    .meta({ unset: "the turn's sender", description: 'the name that promotions come from' }),
  SNS_PROMOTIONS_ORIGINATION_NUMBER: originationNumber
    .optional()
    .meta({ unset: "the turn's sender", description: 'the number that promotions come from' }),
  SNS_TIMEOUT_MS: wholeNumber({ min: 1, max: longestTimeoutMs })
    .default(10_000)
    .describe('how long an answer may take, 20,000 at most'),
};
type Variables = z.infer<z.ZodObject<typeof variables>>;

export const sns = defineProvider({
  name: 'sns',
  variables,
  needs: ['AWS_REGION'],
  check: mistakesIn,
  create: async ({ variables: v, apiBase }) => {
    const sdk = await import('@aws-sdk/client-sns');
    const client = new sdk.SNSClient({
      region: v.AWS_REGION!,
      // Retrying is the consumer's, and not safe here: SNS does not recognise a message.
      maxAttempts: 1,
      ...(apiBase !== undefined && { endpoint: apiBase }),
    });
    const { PublishCommand: Command, GetSMSAttributesCommand: AttributesCommand } = sdk;
    return new Sns({ client, Command, AttributesCommand, senders: sendersIn(v), timeoutMs: v.SNS_TIMEOUT_MS });
  },
});

interface Sender {
  readonly id: string | undefined;
  readonly number: string | undefined;
}

function sendersIn(v: Variables): { readonly turn: Sender; readonly promotions: Sender | undefined } {
  const promotions = { id: v.SNS_PROMOTIONS_SENDER_ID, number: v.SNS_PROMOTIONS_ORIGINATION_NUMBER };
  return {
    turn: { id: v.SNS_SENDER_ID, number: v.SNS_ORIGINATION_NUMBER },
    promotions: promotions.id === undefined && promotions.number === undefined ? undefined : promotions,
  };
}

function mistakesIn(v: Variables): Mistake[] {
  const message = 'it is the sender of the turn, which a STOP to promotions would silence';
  const { turn, promotions } = sendersIn(v);
  if (promotions?.number !== undefined && promotions.number === turn.number) {
    return [{ variable: 'SNS_PROMOTIONS_ORIGINATION_NUMBER', message }];
  }
  if (promotions?.number === undefined && promotions?.id !== undefined && promotions.id === turn.id) {
    return [{ variable: 'SNS_PROMOTIONS_SENDER_ID', message }];
  }
  return [];
}

function text(value: string) {
  return { DataType: 'String', StringValue: value };
}

export interface SnsOptions {
  readonly client: SNSClient;
  readonly Command: typeof PublishCommand;
  readonly AttributesCommand: typeof GetSMSAttributesCommand;
  readonly senders: ReturnType<typeof sendersIn>;
  readonly timeoutMs: number;
}

/**
 * Amazon SNS. It neither recognises a message nor can be asked for one, and tells nothing back by HTTP: what became of an SMS
 * is in CloudWatch, and answers of phones go to SNS topics.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
 */
export class Sns implements SmsProvider {
  readonly name = 'sns';
  readonly hasPromotionsSender?: true;
  readonly #options: SnsOptions;

  constructor(options: SnsOptions) {
    this.#options = options;
    if (options.senders.promotions) this.hasPromotionsSender = true;
  }

  async send(sms: Sms): Promise<SendResult> {
    const { client, Command, timeoutMs } = this.#options;
    const command = new Command({
      PhoneNumber: sms.to,
      Message: sms.text,
      MessageAttributes: this.#attributesFor(sms.purpose),
    });
    try {
      const { MessageId: providerId } = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      return providerId ? { kind: 'sent', providerId } : { kind: 'ambiguous', reason: 'SNS answered without an id' };
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** @see https://docs.aws.amazon.com/sns/latest/api/API_GetSMSAttributes.html */
  async askAccount(): Promise<AccountState> {
    const { client, AttributesCommand, timeoutMs } = this.#options;
    try {
      const command = new AttributesCommand({ attributes: ['MonthlySpendLimit'] });
      const { attributes } = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      const limit = attributes?.['MonthlySpendLimit'];
      const saw = limit === undefined ? '' : `; it may spend ${limit} USD a month`;
      return { kind: 'good', saw: `SNS knows the credentials${saw}` };
    } catch (error) {
      // Whoever may publish need not be allowed to ask for this.
      if ((error as { name?: unknown }).name !== 'AuthorizationErrorException')
        return accountStateOf(this.#failure(error));
      return {
        kind: 'doubtful',
        saw: 'SNS knows the credentials, which may not ask for the account: sns:GetSMSAttributes',
      };
    }
  }

  #attributesFor(purpose: SmsPurpose) {
    const { turn, promotions } = this.#options.senders;
    const { id, number } = (purpose === 'promotions' && promotions) || turn;
    return {
      'AWS.SNS.SMS.SMSType': text(purpose === 'promotions' ? 'Promotional' : 'Transactional'),
      ...(id !== undefined && { 'AWS.SNS.SMS.SenderID': text(id) }),
      ...(number !== undefined && { 'AWS.MM.SMS.OriginationNumber': text(number) }),
    };
  }

  #failure(error: unknown): SendResult {
    const { name, $metadata } = error as { name?: unknown; $metadata?: { httpStatusCode?: number } };
    const verdict = verdictOf(String(name), $metadata?.httpStatusCode);
    if (!verdict) return withoutAnswer('SNS', error, this.#options.timeoutMs);
    return { kind: verdict[0], reason: `${verdict[1]} (SNS ${String(name)})` };
  }
}
