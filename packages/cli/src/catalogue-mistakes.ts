import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { z } from 'zod';

/** Something wrong with a catalogue file, and where. */
export interface MistakeInFile {
  /** Both counted from 1. */
  readonly at: { readonly line: number; readonly col: number };
  /** `branches.0.sectors.0.services.1`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

type Path = readonly PropertyKey[];

/** What the schema says of a document, with the place of each mistake in its text, in the order of the text. */
export function mistakesOf(
  issues: readonly z.core.$ZodIssue[],
  document: Document,
  lines: LineCounter,
): MistakeInFile[] {
  const mistakes = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      const at = lines.linePos(offsetOf(document, issue.path));
      return [{ at, path: issue.path.join('.'), message: wording(issue, document) }];
    }
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const at = lines.linePos(offsetOf(document, path, 'key'));
      return { at, path: path.join('.'), message: 'there is no such field' };
    });
  });
  return mistakes.toSorted((a, b) => a.at.line - b.at.line || a.at.col - b.at.col);
}

function wording(issue: z.core.$ZodIssue, document: Document): string {
  const node = walk(document, issue.path).node;
  if (node === undefined) return 'is missing';
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
  if (!wantsText || !isScalar(node) || typeof node.value === 'string') return issue.message;
  const written = node.source ?? String(node.value);
  return `text is expected: put ${written} in quotes`;
}

/** Where the value is; of one that is missing, where the nearest thing around it begins. */
function offsetOf(document: Document, path: Path, what: 'value' | 'key' = 'value'): number {
  const { node, nearest, key } = walk(document, path);
  const place = what === 'key' ? (key ?? nearest) : (node ?? nearest);
  return place?.range?.[0] ?? 0;
}

interface Walk {
  /** The value at the path, if there is one. */
  readonly node: Node | undefined;
  /** The innermost node on the way that is there. */
  readonly nearest: Node | undefined;
  readonly key: Node | undefined;
}

function walk(document: Document, path: Path): Walk {
  let node = resolved(document.contents, document);
  let nearest = node;
  let key: Node | undefined;
  for (const step of path) {
    const pair: Pair | undefined = isMap(node) ? node.items.find((item) => keyName(item) === String(step)) : undefined;
    const inside: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    key = isNode(pair?.key) ? pair.key : undefined;
    // A list in flow style may hold pairs, and a key may have no value; neither is a node.
    node = isNode(inside) ? resolved(inside, document) : undefined;
    nearest = node ?? key ?? nearest;
    if (!node) break;
  }
  return { node, nearest, key };
}

function resolved(node: Node | null, document: Document): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}

function keyName({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}
