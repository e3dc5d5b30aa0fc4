import type { Change } from './catalogue-diff.ts';

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** Changes as lines for people: `~ branch 27b6 Hiper Central`, and below it `status: OPEN -> CLOSE`. */
export function diffText(changes: readonly Change[]): string[] {
  return changes.flatMap(({ kind, id, name, what, fields }) => [
    [signs[what], kind, id, name].filter(Boolean).join(' '),
    ...fields.map(({ field, before, after }) => `    ${field}: ${valueText(before)} -> ${valueText(after)}`),
  ]);
}

function valueText(value: unknown): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([field, part]) => `${field}: ${valueText(part)}`)
    .join(', ')} }`;
}
