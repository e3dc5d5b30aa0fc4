import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every page for people, from the root of the repository. */
export function pages(root: string): string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();
}

/** Links of a page that lead nowhere: to a file that is not there, or to a heading that its page does not have. */
export function deadLinks(root: string, page: string): string[] {
  const text = proseOf(readFileSync(join(root, page), 'utf8'));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(root, page, target));
}

function leadsSomewhere(root: string, page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file) || relative(root, file).startsWith('..')) return false;
  if (anchor === undefined || statSync(file).isDirectory() || !file.endsWith('.md')) return true;
  return anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Without blocks of code, in which a bracket is no link and a `#` no heading. */
function proseOf(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** Spec files that a page names as `e2e/faults/crashes` or `gateway/test/half-open`, and that are not there. */
export function missingSpecs(root: string, page: string): string[] {
  const named = readFileSync(join(root, page), 'utf8').matchAll(/`([\w-]+(?:\/[\w-]+)*\/[\w-]+)`/g);
  const specs = [...new Set([...named].map(([, name]) => name!))].filter((name) => /^e2e\/|\/test\//.test(name));
  return specs.filter((name) => globSync(`{,services/,packages/}${name}.*.spec.ts`, { cwd: root }).length === 0);
}
