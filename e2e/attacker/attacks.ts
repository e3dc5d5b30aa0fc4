import type { Dice } from '../faults/dice.ts';
import { attackKinds, type Attack, type AttackKind, type Maker, type Overheard } from './attack.ts';
import { crlf, oversized, slowloris, smuggling } from './framing.ts';
import { logInjection, noSql, replayedCallback, templateInjection } from './injections.ts';
import { forgedAddress, hostHeader, keyAbuse, methodOverride, pathTrick } from './places.ts';
import { algNone, badToken, expiredToken, keyConfusion } from './tokens.ts';

/** How each kind is made, and how often, of 100. */
const makers: Readonly<Record<AttackKind, readonly [share: number, make: Maker]>> = {
  'bad token': [8, badToken],
  'alg none': [6, algNone],
  'key confusion': [6, keyConfusion],
  'expired token': [6, expiredToken],
  'replayed callback': [6, replayedCallback],
  'request smuggling': [10, smuggling],
  'path trick': [8, pathTrick],
  oversized: [6, oversized],
  // Each holds a connection for as long as the server lets it.
  slowloris: [2, slowloris],
  'NoSQL operator': [10, noSql],
  'template injection': [8, templateInjection],
  'log injection': [8, logInjection],
  'CRLF in headers': [5, crlf],
  'Host header': [3, hostHeader],
  'method override': [2, methodOverride],
  'key abuse': [3, keyAbuse],
  'forged address': [3, forgedAddress],
};

const byShare = attackKinds.flatMap((kind) => Array.from({ length: makers[kind][0] }, () => kind));

/** The next attack; the same dice give the same ones, but for what is random in forged keys and the time in tokens. */
export function nextAttack(dice: Dice, overheard: Overheard): Attack {
  const kind = dice.oneOf(byShare);
  return { target: 'gateway', ...makers[kind][1](dice, overheard), kind };
}
