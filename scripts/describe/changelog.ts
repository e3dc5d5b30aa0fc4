import type { BreakingChange } from './breaking-changes.ts';

/**
 * The breaking changes that the changelog does not own up to. It does so below `### Breaking` of the unreleased version,
 * by naming the operation in backticks: `GET /customer/v1/branches`.
 */
export function unnoted(changes: readonly BreakingChange[], changelog: string): BreakingChange[] {
  const noted = section(section(changelog, '## [Unreleased]'), '### Breaking');
  return changes.filter(({ operation }) => !noted.includes(`\`${operation}\``));
}

/** The lines below a heading, up to the next of its rank or a higher one. */
function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.trim() === heading);
  if (begin < 0) return '';
  const rank = heading.indexOf(' ');
  const length = lines.slice(begin + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= rank);
  return lines.slice(begin + 1, length < 0 ? undefined : begin + 1 + length).join('\n');
}
