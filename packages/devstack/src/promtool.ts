import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './checkout.ts';
import { download, unpack } from './debian/mmdebstrap.ts';
import { contextWithoutStack } from './debian/without-stack.ts';
import { hold } from './exclusive.ts';
import { findProgram } from './steps/host.ts';

/**
 * The promtool of Prometheus for specs: the one that `PROMTOOL_PATH` names, else this host's, else that of Debian's package
 * `prometheus`, fetched now (20 MB) into the cache unless it is there. Nothing is installed, and nobody needs to be root.
 *
 * @throws when there is none to be had; the message names the ways out
 */
export async function promtoolForTest(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = environment['PROMTOOL_PATH'] || findProgram('promtool', environment['PATH']);
  if (found) return found;
  const kept = join(cacheFolder(environment), `promtool-${process.arch}`);
  if (existsSync(kept)) return kept;
  const held = await hold(`fetch ${kept}`, () => true);
  try {
    if (!existsSync(kept)) await fetchPromtool(kept, environment);
    return kept;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const waysOut = 'Ways out: name a promtool in PROMTOOL_PATH, install prometheus, or run on Debian.';
    throw new Error(`No promtool can be had here: ${reason}\n${waysOut}`, { cause: error });
  } finally {
    await held?.release();
  }
}

async function fetchPromtool(kept: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const context = contextWithoutStack('promtool', environment);
  const folder = `${kept}.part`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await download(context, folder, ['prometheus']);
    await unpack(context, folder);
    await rename(join(folder, 'usr/bin/promtool'), kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
