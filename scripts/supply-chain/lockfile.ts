import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

type Versions = Readonly<Record<string, string>>;

interface Importer {
  readonly dependencies?: Readonly<Record<string, { readonly version: string }>>;
  readonly optionalDependencies?: Readonly<Record<string, { readonly version: string }>>;
}

export interface Lockfile {
  readonly importers: Readonly<Record<string, Importer>>;
  readonly packages: Readonly<Record<string, { readonly resolution: Readonly<Record<string, unknown>> }>>;
  readonly snapshots: Readonly<
    Record<string, { readonly dependencies?: Versions; readonly optionalDependencies?: Versions }>
  >;
  readonly patchedDependencies?: Versions;
}

/** pnpm-lock.yaml, of which pnpm documents no more than that it is YAML; lockfileVersion 9.0 looks like this. */
export function readLockfile(root: string): Lockfile {
  return parse(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) as Lockfile;
}

/** What the programs of these folders run with, as `name version`, without other packages of this workspace. */
export function runtimePackages(lockfile: Lockfile, folders: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visited = new Set<string>();
  for (const folder of folders) visitImporter(folder);
  return found;

  function visitImporter(folder: string): void {
    if (visited.has(folder)) return;
    visited.add(folder);
    const { dependencies, optionalDependencies } = lockfile.importers[folder]!;
    for (const [name, { version }] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      if (version.startsWith('link:')) visitImporter(folderOfLink(folder, version));
      else visit(`${name}@${version}`);
    }
  }

  function visit(key: string): void {
    const snapshot = lockfile.snapshots[key];
    // A dependency under another name says which package it is.
    if (!snapshot || visited.has(key)) return;
    visited.add(key);
    found.add(nameAndVersion(key));
    for (const [name, version] of Object.entries({ ...snapshot.dependencies, ...snapshot.optionalDependencies })) {
      visit(`${name}@${version}` in lockfile.snapshots ? `${name}@${version}` : version);
    }
  }
}

function folderOfLink(folder: string, version: string): string {
  return join(folder, version.slice('link:'.length));
}

/** Of `name@1.2.3(peer@4.5.6)`, where the name may begin with a scope's @. */
function nameAndVersion(key: string): string {
  const whole = key.split('(')[0]!;
  const at = whole.lastIndexOf('@');
  return `${whole.slice(0, at)} ${whole.slice(at + 1)}`;
}
