import type { Message, Options } from 'amqplib';
import { ContractViolation } from '../errors.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';
import { whyTooLarge } from './admission.ts';
import { maxCallsPerMessage } from './fit-messages.ts';
import { headers, textHeader } from './headers.ts';
import { isObject, jsonOf } from './json-content.ts';
import { traceHeaders, traceOfMessage } from './trace-headers.ts';

/** The AMQP `type` of a message that has several calls. Methods begin with a capital. */
export const callsType = 'calls';

/** A call that is about to leave. */
export interface OutgoingCall {
  /** The caller's own for each call. */
  readonly id: string;
  readonly method: string;
  readonly requestId: string;
  readonly requestKey: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** The same, from now. */
  readonly timeoutMs: number;
  readonly trace: TraceContext | undefined;
  /** As JSON. */
  readonly request: string;
}

/** A call as it came, whatever somebody sent. */
export interface IncomingCall {
  readonly id: string;
  readonly method: string;
  readonly requestId: string | undefined;
  readonly requestKey: string | undefined;
  /** Milliseconds since the epoch; not a number when there is none. */
  readonly deadline: number;
  readonly trace: TraceContext | undefined;
  /** Undefined when that is not JSON. */
  readonly request: () => unknown;
}

/** What says who calls, and what for: of a lone call the message's own properties, else those of its entry. */
interface Envelope {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly headers?: unknown;
}

/** The message for calls that leave together. A lone one is the body of its message, which is named after its method. */
export function callMessage(calls: readonly OutgoingCall[]): { body: Buffer; properties: Options.Publish } {
  const [first, ...others] = calls;
  const contentType = 'application/json';
  const expiration = String(Math.max(...calls.map(({ timeoutMs }) => timeoutMs)));
  if (first && others.length === 0) {
    const { id, method, request } = first;
    const properties = { type: method, correlationId: id, contentType, expiration, headers: headersOf(first) };
    return { body: Buffer.from(request), properties };
  }
  return {
    body: Buffer.from(`[${calls.map(entryOf).join()}]`),
    properties: { type: callsType, contentType, expiration },
  };
}

/** Of an id or a method: they go into properties, which are no longer. */
const maxNameLength = 64;

/**
 * The calls of a message. One that lacks something is among them: it is refused or dropped by itself.
 *
 * @throws ContractViolation when it is to have several, and is too large, not JSON, no list, or has too many
 */
export function callsOf(message: Message): IncomingCall[] {
  const { properties, content } = message;
  if (properties.type !== callsType) {
    const { correlationId: id, type: method, headers: sent } = properties;
    return [callOf({ id, method, headers: sent }, () => jsonOf(content))];
  }
  return entriesOf(message).map((entry) => callOf(entry, () => entry.request));
}

function headersOf({ deadline, requestId, requestKey, trace }: OutgoingCall) {
  return {
    [headers.deadline]: deadline,
    [headers.requestId]: requestId,
    [headers.requestKey]: requestKey,
    ...traceHeaders(trace),
  };
}

/** The request is in it as it is, so that it is made into JSON once. */
function entryOf(call: OutgoingCall): string {
  const { id, method, request } = call;
  return `${JSON.stringify({ id, method, headers: headersOf(call) }).slice(0, -1)},"request":${request}}`;
}

function entriesOf(message: Message): (Envelope & { readonly request?: unknown })[] {
  const tooLarge = whyTooLarge(message);
  if (tooLarge !== undefined) throw new ContractViolation(tooLarge);
  const entries = jsonOf(message.content);
  if (!Array.isArray(entries)) throw new ContractViolation('the message has no list of calls');
  if (entries.length > maxCallsPerMessage) {
    throw new ContractViolation(`the message has ${entries.length} calls, and ${maxCallsPerMessage} are the most`);
  }
  return entries.map((entry: unknown) =>
    isObject(entry) && isName(entry['id']) && isName(entry['method']) ? entry : {},
  );
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= maxNameLength;
}

function callOf({ id, method, headers: given }: Envelope, request: () => unknown): IncomingCall {
  const sent = { headers: isObject(given) ? given : undefined };
  const deadline = sent.headers?.[headers.deadline];
  return {
    id: String(id),
    method: String(method),
    requestId: textHeader(sent, headers.requestId),
    requestKey: textHeader(sent, headers.requestKey),
    deadline: typeof deadline === 'number' ? deadline : NaN,
    trace: traceOfMessage(sent),
    request,
  };
}
