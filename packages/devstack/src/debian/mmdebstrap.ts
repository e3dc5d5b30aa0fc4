import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AptSource } from './apt-sources.ts';
import { runTool, type ToolContext } from './run-tool.ts';

/** How to run mmdebstrap without having installed it. */
export interface Mmdebstrap {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

/** As a one-line entry of sources.list(5). */
export function asListEntry({ uri, options }: AptSource, suite: string, components: string): string {
  const pairs = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return `deb ${pairs.length > 0 ? `[${pairs.join(' ')}] ` : ''}${uri} ${suite} ${components}`;
}

/**
 * Downloads packages with the host's apt. Where its package lists are missing (as in a slim image) they are fetched into the
 * folder, not into /var/lib/apt: the host is not changed.
 */
export async function download(context: ToolContext, folder: string, packages: readonly string[]) {
  const unsandboxed = ['-o', 'APT::Sandbox::User=root'];
  const get = (options: string[], command: string[]) =>
    runTool(context, 'apt-get', ['-q', ...unsandboxed, ...options, ...command], { cwd: folder });
  try {
    await get([], ['download', ...packages]);
  } catch {
    const lists = join(folder, 'lists');
    await mkdir(join(lists, 'partial'), { recursive: true });
    const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
    await get(own, ['update']);
    await get(own, ['download', ...packages]);
  }
}

/** Unpacks every package of the folder into it. */
export async function unpack(context: ToolContext, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.deb')) await runTool(context, 'dpkg-deb', ['-x', join(folder, name), folder]);
  }
}

const perlProbe = 'require Pod::Usage; require Math::BigInt; require "syscall.ph"; require "sys/ioctl.ph"';
const perlPaths = 'use Config; printf "%vd %s %s", $^V, $Config{privlib}, $Config{archlib}';

/** Debian's smallest Perl lacks modules that mmdebstrap uses: they come along then, and only for it. */
async function completePerl(context: ToolContext, folder: string): Promise<string> {
  try {
    await runTool(context, 'perl', ['-e', perlProbe]);
    return '';
  } catch {
    const [version = '', privlib = '', archlib = ''] = (await runTool(context, 'perl', ['-e', perlPaths])).split(' ');
    const series = version.split('.').slice(0, 2).join('.');
    await download(context, folder, [`perl-modules-${series}`, `libperl${series}`]);
    return [privlib, archlib].map((path) => join(folder, path)).join(':');
  }
}

/**
 * mmdebstrap from its Debian package, unpacked into the folder. Always that copy, also where the host has one, so that every
 * machine runs the same way.
 */
export async function fetchMmdebstrap(context: ToolContext, folder: string): Promise<Mmdebstrap> {
  await mkdir(folder, { recursive: true });
  const perl5lib = await completePerl(context, folder);
  await download(context, folder, ['mmdebstrap']);
  await unpack(context, folder);
  const bin = join(folder, 'usr/bin');
  // It calls the rest of its package (mmtarfilter) by name.
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  return { script: join(bin, 'mmdebstrap'), env: { PATH: path, ...(perl5lib && { PERL5LIB: perl5lib }) } };
}
