import { isolateForTest } from '@turno/devstack';
import { connectMongo } from '@turno/mongo';
import { createLogger, systemClock, readConfig } from '@turno/shared';
import { InboxRepository, inboxModel } from '../src/data-access/inbox-repository.ts';
import { notificationsConfig } from '../src/index.ts';
import { createProvider, type ProviderName } from '../src/sms/providers.ts';
import type { Sms, SmsProvider } from '../src/sms/sms-provider.ts';
import { AskableCarrier, Carrier, RecognisingCarrier, type Behaviour } from './carrier.ts';
import { Receiver, secret, type Treatment as HttpTreatment } from './receiver.ts';
import type { ApiAnswer, ProviderApi, Treatment } from './stand-ins/provider-api.ts';
import * as aws from './stand-ins/sns-api.ts';
import * as twilio from './stand-ins/twilio-api.ts';
import * as vonage from './stand-ins/vonage-api.ts';

/** What can befall a message, whoever the provider is. */
export type Fate =
  | 'permanent'
  | 'throttled'
  | 'no answer'
  | 'no answer, though taken'
  | 'broken off'
  | 'broken off, though taken'
  | 'nonsense';

/** A provider with all that stands behind it. */
export interface Bench {
  readonly provider: SmsProvider;
  /** The next message meets this. */
  next(fate: Fate): void;
  /** From now on nobody listens there. */
  readonly leave: () => Promise<void>;
  /** How often the message has reached its phone. */
  readonly delivered: (sms: Sms) => Promise<number>;
  /** What no reason may hold. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Some SDKs load half of themselves with their first call, which takes its time on a machine that is busy. */
const timeoutMs = '800';
const everyFate: readonly Fate[] = [
  'permanent',
  'throttled',
  'no answer',
  'no answer, though taken',
  'broken off',
  'broken off, though taken',
  'nonsense',
];

const servers = { AMQP_URL: 'amqp://broker', NOTIFICATIONS_MONGO_URL: 'mongodb://host/notifications' };

/** A provider as the configuration makes it, against a stand-in. */
export function configured(
  name: ProviderName,
  variables: Readonly<Record<string, string>>,
  apiBase?: string,
): Promise<SmsProvider> {
  const config = readConfig(notificationsConfig, { ...servers, SMS_PROVIDER: name, ...variables });
  return createProvider(name, {
    inbox: undefined as never,
    clock: systemClock,
    variables: config,
    callbackUrl: `https://turno.example/callbacks/${name}`,
    apiBase,
  });
}

async function apiBench(
  name: ProviderName,
  api: ProviderApi,
  variables: Readonly<Record<string, string>>,
  refusals: { readonly permanent: ApiAnswer; readonly throttled: ApiAnswer },
  secrets: readonly string[],
): Promise<Bench> {
  const treatments: Readonly<Record<Fate, Treatment>> = {
    ...refusals,
    'no answer': 'says nothing',
    'no answer, though taken': 'takes it and says nothing',
    'broken off': 'breaks off',
    'broken off, though taken': 'takes it and breaks off',
    nonsense: { status: 200, body: '<html>' },
  };
  return {
    provider: await configured(name, variables, api.base),
    next: (fate) => api.next(treatments[fate]),
    leave: () => api.close(),
    delivered: async ({ to, text }) => api.delivered(to, text),
    secrets,
    close: () => api.close(),
  };
}

const retryAfter = { 'retry-after': '7' };

async function twilioBench(): Promise<Bench> {
  const variables = {
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_MESSAGING_SERVICE_SID: twilio.messagingServiceSid,
    TWILIO_TIMEOUT_MS: timeoutMs,
  };
  const refusals = {
    permanent: twilio.problem(400, 21211, `+51987776576 is not valid, says ${twilio.authToken}`),
    throttled: { ...twilio.problem(429, 20429, 'Too many requests'), headers: retryAfter },
  };
  return apiBench('twilio', await twilio.TwilioApi.open(), variables, refusals, [twilio.authToken]);
}

async function snsBench(): Promise<Bench> {
  process.env['AWS_ACCESS_KEY_ID'] = aws.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = aws.secretAccessKey;
  const refusals = {
    permanent: aws.problem(400, 'InvalidParameter', `PhoneNumber, says ${aws.secretAccessKey}`),
    throttled: aws.problem(429, 'Throttled', 'Rate exceeded'),
  };
  const variables = { AWS_REGION: aws.region, SNS_TIMEOUT_MS: timeoutMs };
  return apiBench('sns', await aws.SnsApi.open(), variables, refusals, [aws.secretAccessKey]);
}

async function vonageBench(): Promise<Bench> {
  const variables = {
    VONAGE_API_KEY: vonage.apiKey,
    VONAGE_API_SECRET: vonage.apiSecret,
    VONAGE_FROM: 'Turno',
    VONAGE_TIMEOUT_MS: timeoutMs,
  };
  const throttled = vonage.problem(429, 'Rate limit');
  const refusals = {
    permanent: vonage.problem(422, `Invalid params, says ${vonage.apiSecret}`),
    throttled: { ...throttled, headers: { ...throttled.headers, ...retryAfter } },
  };
  return apiBench('vonage', await vonage.VonageApi.open(), variables, refusals, [vonage.apiSecret]);
}

const reset: HttpTreatment = (request) => {
  request.socket.resetAndDestroy();
};

async function webhookBench(): Promise<Bench> {
  const receiver = await Receiver.open();
  const answer = (status: number, headers: Record<string, string> = {}) =>
    receiver.nextNotTaken((_request, response) => response.writeHead(status, headers).end(secret));
  const next: Readonly<Record<Fate, () => void>> = {
    permanent: () => answer(422),
    throttled: () => answer(429, retryAfter),
    'no answer': () => receiver.nextNotTaken(() => undefined),
    'no answer, though taken': () => receiver.next(() => undefined),
    'broken off': () => receiver.nextNotTaken(reset),
    'broken off, though taken': () => receiver.next(reset),
    nonsense: () => receiver.nextNotTaken((request) => request.socket.end('220 smtp.example.org\r\n')),
  };
  const variables = {
    SMS_WEBHOOK_URL: receiver.url,
    SMS_WEBHOOK_SECRET: secret,
    SMS_WEBHOOK_TIMEOUT_MS: timeoutMs,
  };
  return {
    provider: await configured('webhook', variables),
    next: (fate) => next[fate](),
    leave: () => receiver.close(),
    delivered: async ({ key }) => receiver.deliveredUnder(key),
    secrets: [secret, secret.slice('whsec_'.length)],
    close: () => receiver.close(),
  };
}

async function inboxBench(): Promise<Bench> {
  const isolated = await isolateForTest('port-inbox');
  const mongo = await connectMongo(isolated.mongoUrl, createLogger('spec', 'silent'));
  const inbox = new InboxRepository(inboxModel(mongo));
  return {
    provider: await createProvider('inbox', { inbox, clock: systemClock, variables: {} }),
    next: () => undefined,
    leave: async () => undefined,
    delivered: async ({ key }) => (await inbox.newest(100)).filter((message) => message.key === key).length,
    secrets: [],
    close: async () => {
      await mongo.close();
      await isolated.dispose();
    },
  };
}

const behaviours: Partial<Readonly<Record<Fate, Behaviour>>> = {
  permanent: 'permanent',
  throttled: 'throttled',
  'no answer': 'ambiguous',
  'no answer, though taken': 'ambiguous, though taken',
};

const carrierBench = (Any: typeof Carrier) => async (): Promise<Bench> => {
  const carrier = new Any();
  return {
    provider: carrier,
    next: (fate) => carrier.next(behaviours[fate]!),
    leave: async () => undefined,
    delivered: async ({ key }) => carrier.delivered.filter((sms) => sms.key === key).length,
    secrets: [],
    close: async () => undefined,
  };
};

/** What of the port somebody has. */
export interface Ability {
  readonly name: string;
  readonly open: () => Promise<Bench>;
  /** What can befall a message there. */
  readonly fates: readonly Fate[];
  /** Whether there is a server, which may be gone. */
  readonly isServed?: true;
  readonly recognisesKeys?: true;
  readonly canBeAsked?: true;
  /** Whether it asks for a pause of a certain length when it throttles: 7 s here. */
  readonly saysHowLong?: true;
  readonly tellsOnItsOwn?: true;
}

const served = { fates: everyFate, isServed: true } as const;
const carried = { fates: Object.keys(behaviours) as Fate[] } as const;

/** Every provider, and the carriers that stand for one in other specs. */
export const everyone: readonly Ability[] = [
  { name: 'Twilio', open: twilioBench, ...served, canBeAsked: true, saysHowLong: true, tellsOnItsOwn: true },
  { name: 'SNS', open: snsBench, ...served },
  { name: 'Vonage', open: vonageBench, ...served, saysHowLong: true, tellsOnItsOwn: true },
  { name: 'the webhook', open: webhookBench, ...served, recognisesKeys: true, saysHowLong: true, tellsOnItsOwn: true },
  { name: 'the inbox', open: inboxBench, fates: [], recognisesKeys: true },
  { name: 'a carrier', open: carrierBench(Carrier), ...carried },
  {
    name: 'a carrier that recognises keys',
    open: carrierBench(RecognisingCarrier),
    ...carried,
    recognisesKeys: true,
  },
  { name: 'a carrier that can be asked', open: carrierBench(AskableCarrier), ...carried, canBeAsked: true },
];
