import type { Change, Step } from './change-steps.ts';

/** Keywords that promise nothing. */
const annotations = new Set(['title', 'description', 'example', 'examples', 'deprecated', 'default', '$comment']);

/**
 * Whether a change can break a caller who relied on the description. A request must go on taking what it took, a
 * response must go on keeping what it promised. Where the library judges so itself, its verdict stands; it misses or
 * misjudges what is listed here (docs/decisions/0013).
 */
export function breaksCallers(change: Change): boolean {
  const steps = change.steps;
  if (steps[0]?.keyword === 'security') return change.action !== 'remove' && !isEmpty(change.after);
  const isResponse = steps[0]?.keyword === 'responses';
  return (isResponse ? inResponse(change) : inRequest(change)) ?? change.isBreaking;
}

function inResponse(change: Change): boolean | undefined {
  const { action, steps, before, after } = change;
  const inHeader = steps.some(({ keyword }) => keyword === 'headers');
  if (inHeader) return inResponseHeader(change);
  const { keyword, name } = lastOf(steps);
  switch (keyword) {
    case 'properties':
      return action === 'remove';
    case 'const':
    case 'format':
    case 'pattern':
      return action !== 'add';
    case 'type':
      return name === undefined ? !covers(before, after) : action !== 'remove';
    // New fields may come at any time.
    case 'additionalProperties':
      return typeof (before ?? after) === 'boolean' ? false : undefined;
    default:
      return undefined;
  }
}

/** The library does not look into headers. */
function inResponseHeader({ action, steps }: Change): boolean {
  const { keyword } = lastOf(steps);
  if (keyword === 'headers') return action === 'remove';
  if (keyword === 'required') return action !== 'add';
  return steps.some((step) => step.keyword === 'schema') && !annotations.has(keyword) && !keyword.startsWith('x-');
}

function inRequest({ action, steps, before, after }: Change): boolean | undefined {
  const { keyword, name } = lastOf(steps);
  switch (keyword) {
    case 'requestBody':
      return action === 'add' ? isRequired(after) : undefined;
    case 'parameters':
      return action === 'add' && name === undefined ? (after as unknown[]).some(isRequired) : undefined;
    case 'properties':
      return action === 'remove' ? true : undefined;
    case 'type':
      return name === undefined ? !covers(after, before) : action !== 'add';
    case 'additionalProperties':
      return after === false ? true : undefined;
    default:
      return undefined;
  }
}

/** Of security: that nothing is asked for. */
function isEmpty(value: unknown): boolean {
  return Object.keys(value ?? {}).length === 0;
}

/** The operation itself has no steps. */
function lastOf(steps: readonly Step[]): Step {
  return steps.at(-1) ?? { keyword: '' };
}

function isRequired(part: unknown): boolean {
  return (part as { required?: boolean }).required === true;
}

/** Whether every value of type `some` is one of type `all`. A type that is not given is any. */
function covers(all: unknown, some: unknown): boolean {
  if (all === undefined) return true;
  if (some === undefined) return false;
  const allowed = new Set([all].flat());
  return [some].flat().every((type) => allowed.has(type) || (type === 'integer' && allowed.has('number')));
}
