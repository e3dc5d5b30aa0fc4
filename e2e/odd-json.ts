import type { Catalogue } from '@turno/shared';
import * as fc from 'fast-check';

/** JSON as text, because much of what is odd is lost on the way through values: escapes, repeated keys, `1e400`. */
export type JsonText = string;

/** Of a request for a ticket. */
export const fieldNames = [
  'branch_id',
  'sector_id',
  'service_id',
  'channel',
  'phone',
  'customer_id',
  'customer_id_type',
  'customer_id_number',
] as const;

/** Names that every object has by its prototype, and others that have a meaning to somebody. */
export const specialNames = ['__proto__', 'constructor', 'toString', 'prototype', 'hasOwnProperty', '$where', '', 'id'];

const deep = (open: string, middle: string, close: string, levels: number): JsonText =>
  `${open.repeat(levels)}${middle}${close.repeat(levels)}`;

/** Texts, written with white space between them. */
export const words = (text: string): string[] => text.trim().split(/\s+/);

const oddConstants: readonly JsonText[] = [
  words('null true false 0 -0 1e400 -1e400 9007199254740993 1.0000000000000000000000001 27'),
  words('"" "x" "zzzz" "aaaaaaa" "27B6" "27b6\\n" "\\u0032\\u0037b6" "２7b6" "__proto__" "constructor" "tostring"'),
  words('"\\ud800" "a\\udc00" "\\udc00\\ud800" "\\ud83d\\ude00" "\\u0000" "a\\u0000b" "\\u2028" "\\ufeff"'),
  words('{"$gt":""} {"$ne":null} {"$where":"1"} "$ne" {"__proto__":{"branch_id":"27b6"}} {"toString":1}'),
  words('[] {} ["27b6"] [["s8"]] {"0":"2","length":4} "+0123" "+123" "+1234" "51987776576" "+123456789012345"'),
  words('"+1234567890123456"'),
  ['" "', '"27b6 "', '"+51 987"', deep('[', '', ']', 6_000), deep('{"a":', '1', '}', 2_000)],
  [20, 21].flatMap((length) => ['x', '\u{1f600}'].map((character) => JSON.stringify(character.repeat(length)))),
  [JSON.stringify('é'.repeat(8_000))],
  // No JSON at all.
  words(`NaN undefined '27b6' 01 +1 "\\x41" " [ 1, //`),
  ['"\u0000"', '"\n"'],
].flat();

/** A value: any JSON, the odd ones that come to mind, and ids that exist, of every kind. */
export function oddJson(network: Catalogue): fc.Arbitrary<JsonText> {
  const { branches, services, known_customers: customers } = network;
  const ids = [
    ...branches.flatMap(({ id, code, sectors }) => [id, code, ...sectors.map((sector) => sector.id)]),
    ...services.map(({ id }) => id),
    ...customers.flatMap(({ id, id_type, id_number }) => [id, id_type ?? '', id_number ?? '']),
  ];
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...oddConstants) },
    { weight: 3, arbitrary: fc.constantFrom(...ids).map((id) => JSON.stringify(id)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 25 }).map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
  );
}

type Member = readonly [name: string, value: JsonText];

/** A body that is right, or would be if its branch and its sector were open. */
function goodBody(network: Catalogue): fc.Arbitrary<readonly Member[]> {
  const places = network.branches.flatMap((branch) =>
    branch.sectors.flatMap((sector) => sector.services.map((service) => [branch.id, sector.id, service])),
  );
  const customers = network.known_customers.map(({ id, id_type, id_number }) => ({ id, id_type, id_number }));
  return fc
    .record({
      place: fc.constantFrom(...places),
      channel: fc.option(fc.constantFrom('mobile', 'kiosk', 'web', 'ñ😀', 'a\u0000b'), { nil: undefined }),
      phone: fc.option(fc.constantFrom('+51987776576', '+1234'), { nil: undefined }),
      customer: fc.option(fc.constantFrom(...customers), { nil: undefined, freq: 1 }),
      by: fc.constantFrom('id', 'document', 'both'),
    })
    .map(({ place, channel, phone, customer, by }) => {
      const { id, id_type, id_number } = customer ?? {};
      const isBy = (way: string) => by === way || by === 'both';
      const document = isBy('document') ? [id_type, id_number] : [];
      const values = [...place, channel, phone, isBy('id') ? id : undefined, ...document];
      return fieldNames.flatMap((name, i) =>
        values[i] === undefined ? [] : [[name, JSON.stringify(values[i])] as const],
      );
    });
}

interface Change {
  readonly name: string;
  readonly value: JsonText | undefined;
  /** Before the first, as a repeated key does when it comes earlier, or in its place. */
  readonly how: 'instead' | 'before' | 'behind';
}

function changed(members: readonly Member[], { name, value, how }: Change): readonly Member[] {
  const others = members.filter(([other]) => other !== name);
  if (value === undefined) return others;
  if (how === 'before') return [[name, value], ...members];
  return [...(how === 'instead' ? others : members), [name, value]];
}

/** Text that ought to be a body: right, right but for some fields, or anything. */
export function oddBody(network: Catalogue): fc.Arbitrary<JsonText> {
  const value = oddJson(network);
  const change = fc.record<Change>({
    name: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fieldNames) }, fc.constantFrom(...specialNames)),
    value: fc.option(value, { nil: undefined, freq: 6 }),
    how: fc.constantFrom('instead', 'before', 'behind'),
  });
  const nearlyGood = fc
    .tuple(goodBody(network), fc.array(change, { maxLength: 3 }))
    .map(([members, changes]) => changes.reduce(changed, members))
    .map((members) => `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`);
  return fc.oneof({ weight: 9, arbitrary: nearlyGood }, { weight: 1, arbitrary: value });
}

/** What a text means as a body, undefined when it is no JSON. */
export function meaningOf(text: JsonText): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
