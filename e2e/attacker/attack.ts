import type { Dice } from '../faults/dice.ts';

/** The servers that the public can reach. */
export type Target = 'gateway' | 'callbacks';

/** What is sent on one connection, byte by byte. */
export interface Attack {
  readonly kind: AttackKind;
  readonly target: Target;
  readonly bytes: Buffer;
  /** Sent a byte at a time, this far apart in milliseconds, for as long as the server has patience. */
  readonly dribbleMs?: number;
  /** Whether it tries to pass for somebody, or for whom a thing belongs to: nothing but a refusal will do. */
  readonly isImpostor?: boolean;
}

export const attackKinds = [
  'bad token',
  'alg none',
  'key confusion',
  'expired token',
  'worn credential',
  "another's ticket",
  'replayed callback',
  'request smuggling',
  'path trick',
  'oversized',
  'slowloris',
  'NoSQL operator',
  'template injection',
  'log injection',
  'CRLF in headers',
  'Host header',
  'method override',
  'key abuse',
  'forged address',
] as const;
export type AttackKind = (typeof attackKinds)[number];

/** What an attacker knows: what is public, and what was overheard. */
export interface Overheard {
  /** A callback of the provider's as it went over the wire, too old by now. */
  readonly callback: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** The key by which tokens are checked, which the issuer publishes: in PEM, and its name. */
  readonly publicKey: string;
  readonly keyId: string;
  /** The issuer's address, and its name for this API: both are in every token. */
  readonly issuer: string;
  readonly audience: string;
  /** Credentials that held once: a key that was revoked, a token that has expired. */
  readonly worn: readonly string[];
  /** The attacker's own, which hold: it is a channel's and a customer's as well. */
  readonly own: readonly string[];
  /** Ids of other people's tickets. */
  readonly ticketIds: readonly string[];
}

/** Makes one attack of its kind. */
export type Maker = (
  dice: Dice,
  overheard: Overheard,
) => Omit<Attack, 'kind' | 'target'> & { readonly target?: Target };

/** Written where the attacker would like to see it again: in a header of an answer, in a line of the log, in an SMS. */
export const mark = 'pwned';

export const tickets = '/customer/v1/tickets';
export const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

/** Phones of the attacker's own begin so; nobody else's do. */
export const attackersPhones = '+51988';

export function phoneOf(dice: Dice): string {
  return `${attackersPhones}${String(dice.below(1_000_000)).padStart(6, '0')}`;
}

export type Header = readonly [name: string, value: string];

export interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly headers?: readonly Header[];
  readonly body?: string;
}

/** A request of HTTP/1.1 on a connection that ends with it; a character is a byte. */
export function request({ method = 'POST', target = tickets, host = 'localhost', headers = [], body }: Sent): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`]),
    'Connection: close',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`, 'latin1');
}

/** The creation of a ticket with these fields beside the place. */
export function creation(fields: object, headers: readonly Header[] = []): Buffer {
  return request({ headers, body: JSON.stringify({ ...place, ...fields }) });
}

/** The same request with a credential, where it has a place for one. */
export function withCredential(bytes: Buffer, credential: string): Buffer {
  const head = bytes.indexOf('\r\nHost:');
  if (head < 0) return bytes;
  const header = Buffer.from(`\r\nAuthorization: Bearer ${credential}`, 'latin1');
  return Buffer.concat([bytes.subarray(0, head), header, bytes.subarray(head)]);
}
