import type { ConsumeMessage, MessageProperties, Options } from 'amqplib';
import { headers, textHeader } from './headers.ts';

/** A message that was given up, as it lies in its dead-letter queue. */
export interface DeadLetter {
  /** Its number of order: 1 lies at the head of the queue. It changes as others leave. */
  readonly position: number;
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly requestId: string | undefined;
  /** What the consumer said, else what the broker did: `delivery_limit` when its deliveries were used up. */
  readonly reason: string;
  /** When it was given up, if its headers say so. */
  readonly since: Date | undefined;
  /** How often it was sent to its queue again before. */
  readonly redriven: number;
  /** The properties that are set, the headers among them. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** A death as the broker writes it down, the latest first; amqplib wraps the time, which is in seconds. */
interface Death {
  readonly reason?: string;
  readonly time?: { readonly value?: number };
}

export function deadLetterOf({ properties, content }: ConsumeMessage, position: number): DeadLetter {
  const [death] = (properties.headers?.['x-death'] ?? []) as Death[];
  return {
    position,
    messageId: text(properties.messageId),
    type: text(properties.type),
    requestId: textHeader(properties, headers.requestId),
    reason: textHeader(properties, headers.deadLetterReason) ?? death?.reason ?? 'unknown',
    since: instant(textHeader(properties, headers.deadLetteredAt) ?? (death?.time?.value ?? NaN) * 1_000),
    redriven: timesRedriven(properties),
    properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)),
    body: content,
  };
}

/** What one life in a queue leaves in the headers; a second life begins without, so that its deliveries count from 0. */
const ofOneLife = new Set<string>([
  headers.deadLetterReason,
  headers.deadLetteredAt,
  headers.publishId,
  'x-death',
  'x-delivery-count',
  'x-acquired-count',
  'x-opt-delivery-count',
]);
/** A message that has them is copied to the queues that they name, again by whoever publishes it again. */
const ofCopies = new Set(['CC', 'BCC']);
const ofDeaths = /^x-(first|last)-death-/;

const ofDeadLetter = ['messageId', 'type', 'contentType'] as const;
const ofNewLife = [...ofDeadLetter, 'contentEncoding', 'correlationId', 'appId', 'timestamp'] as const;

/** The properties with which a consumer gives a message up. */
export function propertiesOfDeadLetter(properties: MessageProperties, reason: string): Options.Publish {
  return {
    ...pick(properties, ofDeadLetter),
    headers: {
      ...Object.fromEntries(headersOf(properties).filter(([name]) => !ofCopies.has(name))),
      [headers.deadLetterReason]: reason,
      [headers.deadLetteredAt]: new Date().toISOString(),
    },
  };
}

/** The properties with which a dead letter is published anew. An expiry or a user id were those of its first publisher. */
export function propertiesOfNewLife(properties: MessageProperties): Options.Publish {
  return {
    ...pick(properties, ofNewLife),
    headers: {
      ...Object.fromEntries(headersOf(properties).filter(([name]) => isOfEveryLife(name))),
      [headers.redriven]: timesRedriven(properties) + 1,
    },
  };
}

function isOfEveryLife(name: string): boolean {
  return !ofOneLife.has(name) && !ofCopies.has(name) && !ofDeaths.test(name);
}

function headersOf(properties: MessageProperties): [string, unknown][] {
  return Object.entries(properties.headers ?? {});
}

/** Those that are set. */
function pick(properties: MessageProperties, names: readonly (keyof MessageProperties)[]): Options.Publish {
  const given = names.map((name) => [name, properties[name] as unknown]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Options.Publish;
}

function timesRedriven(properties: MessageProperties): number {
  const count: unknown = properties.headers?.[headers.redriven];
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function instant(value: string | number): Date | undefined {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
