import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { attackKinds } from './attack.ts';
import { runAttack, type AttackVerdict } from './run-attack.ts';

let servers: Isolated;
let verdict: AttackVerdict;

// `npm run attack` sends a hundred thousand, and judges times too.
beforeAll(async () => {
  servers = await isolateForTest('attacker');
  const requests = Number(process.env['TURNO_ATTACKS'] ?? 1_500);
  const seed = Number(process.env['TURNO_ATTACK_SEED'] ?? 1);
  verdict = await runAttack(servers, { requests, seed, rate: 400, calmMs: 500, callerRate: 5, waitsForSlow: false });
}, 120_000);
afterAll(() => servers.dispose());

test('when a scripted attacker tries every kind of attack, then no answer is a 5xx or leaks, nobody is let in, and neither log nor SMS says what the attacker wants', () => {
  expect(Object.keys(verdict.assault.sent).toSorted()).toEqual(attackKinds.toSorted());
  expect(verdict.findings).toEqual([]);
});

test('when somebody takes tickets beside the attacker, then each is given and has its SMS', () => {
  const given = verdict.beside.filter(({ answer }) => 'id' in answer);

  expect(given.length).toBe(verdict.beside.length);
  expect(given.length).toBeGreaterThan(10);
});
