import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The root of the checkout this file belongs to: the nearest folder above with a pnpm-workspace.yaml. */
export function checkoutRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, 'pnpm-workspace.yaml'))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error('devstack does not lie in a checkout: no folder above has a pnpm-workspace.yaml');
  return checkoutRoot(parent);
}

/** `${XDG_CACHE_HOME:-~/.cache}/turno`, shared by all checkouts of this user. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'turno');
}

/** The same for every start of that stack in that checkout, different for any other: a name to find leftovers by. */
export function stackId(checkout: string, name: string): string {
  const digest = createHash('sha256').update(`${checkout}\0${name}`).digest('hex').slice(0, 10);
  const readable = `${basename(checkout)}-${name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${readable.slice(0, 40)}-${digest}`;
}
