type Node = Readonly<Record<string, unknown>>;

/**
 * A copy of a document in which every reference is what it refers to, so that it does not matter where a part is
 * written down. A reference within what it refers to itself stays.
 */
export function inlined(document: object): object {
  return inline(document, document, []) as object;
}

function inline(node: unknown, document: object, within: readonly string[]): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item, document, within));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, ...others } = node as Node;
  const here = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, inline(value, document, within)]));
  if (typeof $ref !== 'string') return $ref === undefined ? here : { $ref: inline($ref, document, within), ...here };
  if (within.includes($ref) || !$ref.startsWith('#/')) return { $ref, ...here };
  return { ...(inline(partAt($ref, document), document, [...within, $ref]) as Node), ...here };
}

function partAt(reference: string, document: object): unknown {
  const segments = decodeURIComponent(reference).slice(2).split('/');
  return segments.reduce<unknown>(
    (node, segment) => (node as Node | undefined)?.[segment.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
}
