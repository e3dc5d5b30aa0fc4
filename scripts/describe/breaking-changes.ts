import { apiCompare, type Diff } from 'api-smart-diff';
import { placeOf, stepsOf, type Change, type Step } from './change-steps.ts';
import { inlined } from './inlined.ts';
import { breaksCallers } from './verdict.ts';

export interface BreakingChange {
  /** As in `GET /customer/v1/branches`; `every operation` for what concerns all of them. */
  readonly operation: string;
  readonly change: string;
}

/** What in `present` can break a caller who relied on `released`; both are OpenAPI 3.1 documents. */
export function breakingChanges(released: object, present: object): BreakingChange[] {
  const { diffs, merged } = apiCompare(inlined(released), inlined(present));
  return diffs.flatMap((diff) => changeOf(diff, merged) ?? []);
}

function changeOf(diff: Diff, merged: unknown): BreakingChange | undefined {
  const [root, path, method, ...rest] = diff.path;
  const isOperation = root === 'paths' && method !== undefined;
  if (!isOperation && root !== 'security') return undefined;
  const steps = isOperation ? namedParameter(stepsOf(rest), merged, [path!, method]) : stepsOf(diff.path);
  const { action, before, after } = diff as { action: string; before?: unknown; after?: unknown };
  const change: Change = { action, steps, before, after, isBreaking: diff.type === 'breaking' };
  if (!breaksCallers(change)) return undefined;
  const operation = isOperation ? `${String(method).toUpperCase()} ${String(path)}` : 'every operation';
  return { operation, change: inWords(change) };
}

/** A parameter is known by its name, and not by its place in the list. */
function namedParameter(steps: Step[], merged: unknown, [path, method]: readonly PropertyKey[]): Step[] {
  const [first, ...others] = steps;
  if (first?.keyword !== 'parameters' || first.name === undefined) return steps;
  const { paths } = merged as { paths: Record<PropertyKey, Record<PropertyKey, { parameters?: { name?: string }[] }>> };
  const name = paths[path!]?.[method!]?.parameters?.[Number(first.name)]?.name ?? first.name;
  return [{ keyword: 'parameters', name }, ...others];
}

function inWords({ action, steps, before, after }: Change): string {
  const place = placeOf(steps) || 'the operation';
  if (action === 'add') return `${place}: ${shown(after)} was added`;
  if (action === 'remove') return `${place}: ${shown(before)} was removed`;
  return `${place}: ${shown(before)} became ${shown(after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
