import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Proof {
  readonly spec: string;
  /** As it stands in the spec, with the placeholders of a table of cases. */
  readonly title: string;
}

export interface Threat {
  /** One of S, T, R, I, D, E. */
  readonly letter: string;
  readonly threat: string;
  /** What defends; or, where nothing can happen, why not. */
  readonly defence: string;
  readonly isApplicable: boolean;
  readonly proofs: readonly Proof[];
}

/** Threats by arrow, as docs/security.md lists them. @throws naming a line of the list that is none of its form */
export function threatsOf(page: string): ReadonlyMap<string, readonly Threat[]> {
  const [, list = ''] = page.split(/^## The threats$/m);
  const sections = list.split(/^## /m)[0]!.split(/^### /m).slice(1);
  return new Map(sections.map((section) => [section.split('\n')[0]!.trim(), threatsIn(section)]));
}

function threatsIn(section: string): Threat[] {
  return section
    .split(/^(?=- )/m)
    .slice(1)
    .map((item) => {
      const [first = '', ...rest] = item.trim().split('\n');
      const [, letter, threat, defence] = /^- \*\*([STRIDE]): (.+?)\*\* (.+)$/.exec(first) ?? [];
      if (letter === undefined) throw new Error(`this is no threat as the page lists them: ${first}`);
      return {
        letter,
        threat: threat!,
        defence: defence!,
        isApplicable: threat !== 'not applicable.',
        proofs: rest.map(proofIn),
      };
    });
}

function proofIn(line: string): Proof {
  const [, spec, title] = /^ {2}- `(.+)` "(.+)"$/.exec(line) ?? [];
  if (spec === undefined) throw new Error(`this is no proof as the page names them: ${line}`);
  return { spec, title: title! };
}

/** Whether the spec file has a test of that title. */
export function isThere(root: string, { spec, title }: Proof): boolean {
  const file = join(root, spec);
  if (!spec.endsWith('.spec.ts') || !existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  return [`'${title}',`, `"${title}",`, `\`${title}\`,`].some((quoted) => text.includes(quoted));
}
