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
  /** Whether it tries to pass for somebody: with authentication on, nothing but a refusal will do. */
  readonly isImpostor?: boolean;
}

export const attackKinds = [
  'bad token',
  'alg none',
  'key confusion',
  'expired token',
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
  /** The public key by which tokens are checked, in PEM. */
  readonly publicKey: string;
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
