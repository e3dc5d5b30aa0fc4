import type { Dice } from '../faults/dice.ts';
import { attackKinds, withCredential, type Attack, type AttackKind, type Maker, type Overheard } from './attack.ts';
import { crlf, oversized, slowloris, smuggling } from './framing.ts';
import { logInjection, noSql, replayedCallback, templateInjection } from './injections.ts';
import { forgedAddress, hostHeader, keyAbuse, methodOverride, pathTrick } from './places.ts';
import { algNone, anothersTicket, badToken, expiredToken, keyConfusion, wornCredential } from './tokens.ts';

/** How each kind is made, and how often, of 100. */
const makers: Readonly<Record<AttackKind, readonly [share: number, make: Maker]>> = {
  'bad token': [7, badToken],
  'alg none': [5, algNone],
  'key confusion': [5, keyConfusion],
  'expired token': [4, expiredToken],
  'worn credential': [3, wornCredential],
  "another's ticket": [4, anothersTicket],
  'replayed callback': [5, replayedCallback],
  'request smuggling': [9, smuggling],
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
  const attack = { target: 'gateway' as const, ...makers[kind][1](dice, overheard), kind };
  // Half of the others come from somebody who was let in, and get further.
  const isLetIn = attack.target === 'gateway' && attack.isImpostor !== true && dice.below(2) === 0;
  return isLetIn ? { ...attack, bytes: withCredential(attack.bytes, dice.oneOf(overheard.own)) } : attack;
}
