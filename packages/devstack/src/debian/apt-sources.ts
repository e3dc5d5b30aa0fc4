import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A binary archive the host's apt reads. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** As in a one-line entry: `signed-by`, `trusted` and the like. */
  readonly options: Readonly<Record<string, string>>;
}

const optionFields = { 'signed-by': 'signed-by', trusted: 'trusted' } as const;
const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter(Boolean);

/** The one-line format of sources.list(5): `deb [option=value …] uri suite component …`. */
export function parseListFile(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (!match) return [];
    const [, options, uri = '', suite = '', components] = match;
    const pairs = words(options).map((option) => option.split('=', 2) as [string, string]);
    return [{ uri, suites: [suite], components: words(components), options: Object.fromEntries(pairs) }];
  });
}

/** The fields of one deb822 paragraph, names in lower case, continuation lines joined. */
function parseParagraph(paragraph: string): Record<string, string> {
  const fields: Record<string, string> = {};
  let current = '';
  for (const line of paragraph.split('\n')) {
    if (line.startsWith('#')) continue;
    const field = /^([\w-]+):(.*)$/.exec(line);
    if (field) current = (field[1] ?? '').toLowerCase();
    fields[current] = `${fields[current] ?? ''} ${field ? field[2] : line}`.trim();
  }
  return fields;
}

/** The deb822 format of sources.list(5). A key block inside Signed-By is left out: apt in the new root has its own keys. */
export function parseSourcesFile(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = parseParagraph(paragraph);
    if (!words(fields['types']).includes('deb') || fields['enabled'] === 'no') return [];
    const options: Record<string, string> = {};
    for (const [field, option] of Object.entries(optionFields)) {
      const value = fields[field];
      if (value && !value.includes('BEGIN PGP')) options[option] = words(value).join(',');
    }
    const common = { suites: words(fields['suites']), components: words(fields['components']), options };
    return words(fields['uris']).map((uri) => ({ uri, ...common }));
  });
}

/**
 * The entry of Debian's main archive: it has the release this host runs, its component `main`, and no other archive's name in
 * the suite (as bookworm-security or bookworm-pgdg do). Among several, one whose address says "debian" is preferred.
 */
export function findMainArchive(sources: readonly AptSource[], codename: string): AptSource | undefined {
  const releases = new Set([codename, 'stable', 'testing', 'unstable', 'sid']);
  const candidates = sources.filter(
    ({ uri, suites, components }) =>
      /^(https?|file|mirror\+file|copy):/.test(uri) &&
      components.includes('main') &&
      suites.some((suite) => releases.has(suite)),
  );
  return candidates.find(({ uri }) => /\bdebian\b/.test(uri)) ?? candidates[0];
}

function readAll(folder: string, extension: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(extension))
      .toSorted()
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}

/** The archives of /etc/apt. */
export function readAptSources(etcApt = '/etc/apt'): AptSource[] {
  return [
    ...readAll(etcApt, 'sources.list').flatMap(parseListFile),
    ...readAll(join(etcApt, 'sources.list.d'), '.list').flatMap(parseListFile),
    ...readAll(join(etcApt, 'sources.list.d'), '.sources').flatMap(parseSourcesFile),
  ];
}

/** Cloud images name a file with mirrors instead of a mirror; the first one in it is taken. */
export function resolveMirrorFile(uri: string, read = (path: string) => readFileSync(path, 'utf8')): string {
  const path = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  if (!path) return uri;
  const mirror = read(path)
    .split('\n')
    .map((line) => words(line)[0] ?? '')
    .find((line) => line && !line.startsWith('#'));
  if (!mirror) throw new Error(`${path} names no mirror`);
  return mirror;
}
