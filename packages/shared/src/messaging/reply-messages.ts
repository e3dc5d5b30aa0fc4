import type { ConsumeMessage, Options } from 'amqplib';
import { isObject, jsonOf } from './json-content.ts';

/** The AMQP `type` of a message that has several replies. */
export const repliesType = 'replies';

/** A reply that is about to leave. */
export interface OutgoingReply {
  /** Of the call. */
  readonly id: string;
  /** As JSON. */
  readonly reply: string;
}

/** The message for replies that leave together. A lone one is the body of its message. */
export function replyMessage(replies: readonly OutgoingReply[]): { body: Buffer; properties: Options.Publish } {
  const contentType = 'application/json';
  const [first, ...others] = replies;
  if (others.length === 0) {
    return { body: Buffer.from(first!.reply), properties: { correlationId: first!.id, contentType } };
  }
  return { body: Buffer.from(`[${replies.map(entryOf).join()}]`), properties: { type: repliesType, contentType } };
}

/** The replies of a message, by the ids of their calls. What is no JSON is an undefined reply, or none. */
export function repliesOf({ properties, content }: ConsumeMessage): { id: string; reply: unknown }[] {
  const said = jsonOf(content);
  if (properties.type !== repliesType) return [{ id: String(properties.correlationId), reply: said }];
  const entries: readonly unknown[] = Array.isArray(said) ? said : [];
  return entries.flatMap((entry) =>
    isObject(entry) && typeof entry['id'] === 'string' ? [{ id: entry['id'], reply: entry['reply'] }] : [],
  );
}

/** The reply is in it as it is, so that it is made into JSON once. */
function entryOf({ id, reply }: OutgoingReply): string {
  return `{"id":${JSON.stringify(id)},"reply":${reply}}`;
}
