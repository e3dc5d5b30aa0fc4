import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isThere, threatsOf } from './threats.ts';

const root = join(import.meta.dirname, '../..');
const threats = threatsOf(readFileSync(join(root, 'docs/security.md'), 'utf8'));

/** Every way that a request, its event and its SMS go, and whoever operates or builds it. */
const arrows = [
  'mobile → gateway',
  'gateway → broker',
  'broker → ticketing',
  'ticketing → MongoDB',
  'ticketing → broker',
  'broker → notifications',
  'notifications → MongoDB',
  'notifications → provider',
  'provider → callbacks',
  'operator → operations servers, console, inbox',
  'operator → CLI',
  'supply chain → image',
];

test('when the flow has an arrow, then the threat model has it too', () => {
  expect([...threats.keys()]).toEqual(arrows);
});

test.each(arrows)(
  'when somebody attacks at %s, then each letter of STRIDE is thought of, or is said not to apply',
  (arrow) => {
    const letters = new Set(threats.get(arrow)!.map(({ letter }) => letter));

    expect('STRIDE'.split('').filter((letter) => !letters.has(letter))).toEqual([]);
  },
);

test.each(arrows)('when there is a threat at %s, then a test that is there proves the defence', (arrow) => {
  const some = threats.get(arrow)!;
  const proofs = some.flatMap(({ proofs: each }) => each);

  expect(some.filter((each) => each.isApplicable === (each.proofs.length === 0)).map(({ threat }) => threat)).toEqual(
    [],
  );
  expect(proofs.filter((proof) => !isThere(root, proof))).toEqual([]);
});
