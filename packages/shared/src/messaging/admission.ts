import type { ConsumeMessage } from 'amqplib';
import type { RpcEntrance } from '../contracts/rpc-entrances.ts';

/**
 * The largest body that a service looks into, in bytes. A request over HTTP has 16 KiB at most, and an event of one is a few
 * more; what is larger is nobody's of ours, and is not parsed to find out.
 */
export const maxMessageBytes = 262_144;

/** Why a body is too large to be looked into; undefined when it is not. */
export function whyTooLarge({ content }: Pick<ConsumeMessage, 'content'>): string | undefined {
  if (content.length <= maxMessageBytes) return undefined;
  return `the message has ${content.length} bytes, and ${maxMessageBytes} are the most`;
}

/**
 * Why a request is not looked into; undefined when it is.
 *
 * @param entrances where requests may come in; undefined for a server that answers everybody
 */
export function whyNotAdmitted(
  message: ConsumeMessage,
  method: string,
  entrances: readonly RpcEntrance[] | undefined,
): string | undefined {
  const tooLarge = whyTooLarge(message);
  if (tooLarge !== undefined || entrances === undefined) return tooLarge;
  const { exchange } = message.fields;
  const entrance = entrances.find((one) => one.exchange.name === exchange);
  if (!entrance) return `it came by ${exchange === '' ? 'the default exchange' : exchange}, which is no entrance`;
  return entrance.methods.has(method) ? undefined : `who comes in by ${exchange} may not call this`;
}
