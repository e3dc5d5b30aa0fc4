import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hold } from '../exclusive.ts';
import type { StackContext } from '../stack-context.ts';
import { Unavailable } from '../steps/step.ts';
import { type AptSource, findMainArchive, readAptSources, resolveMirrorFile } from './apt-sources.ts';
import { asListEntry, fetchMmdebstrap } from './mmdebstrap.ts';
import { runTool, type ToolContext } from './run-tool.ts';

/** RabbitMQ 4.3 and DocumentDB are in this release of Debian, whatever release the host runs. */
const suite = 'forky';
const unneeded = ['doc', 'locale', 'man', 'info', 'bug', 'lintian'];
/** Raise it when the installation is done differently, so that older ones in people's caches are not taken for it. */
const revision = 1;

/** The user the servers run as. Nobody on the host, and outside the ranges Debian gives to system users and people. */
export const serverUser = { name: 'turno', id: 58_713 };

/** What a root file system is for. */
export interface DebianRecipe {
  /** For people: "RabbitMQ and DocumentDB". */
  readonly what: string;
  /** What its folder in the cache begins with. */
  readonly prefix: string;
  readonly packages: readonly string[];
  /** Files beside those of packages, executable for everybody, by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What an installation needs to know of whoever wants it. */
export type InstallContext = Pick<StackContext, 'cache' | 'phase' | 'line'> & ToolContext;

export const serversRecipe: DebianRecipe = {
  what: 'RabbitMQ, DocumentDB and Redis',
  prefix: 'debian',
  packages: ['postgresql-18-documentdb', 'rabbitmq-server', 'redis-server'],
};

/** `debian-forky-<digest of the recipe>`: another recipe is another folder. */
function rootFolder(cache: string, { prefix, packages, files }: DebianRecipe): string {
  const parts = [suite, packages, unneeded, serverUser, revision, process.arch, ...(files ? [files] : [])];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
  return join(cache, `${prefix}-${suite}-${digest}`);
}

function hostRelease(): { id: string; codename: string } {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codename: field('VERSION_CODENAME') };
}

/** The archive to install from. Throws {@link Unavailable} where there is none, or no right to use it. */
function requireArchive(): AptSource {
  if (process.getuid?.() !== 0)
    throw new Unavailable('only root can install Debian packages into a folder and use chroot');
  const { id, codename } = hostRelease();
  if (id !== 'debian') throw new Unavailable('this machine does not run Debian');
  const archive = findMainArchive(readAptSources(), codename);
  if (!archive) throw new Unavailable(`/etc/apt names no archive of Debian ${codename}`);
  return { ...archive, uri: resolveMirrorFile(archive.uri) };
}

/** The host's settings for reaching its mirror: proxies, timeouts, certificates. */
async function transportOptions(context: ToolContext): Promise<string[]> {
  const dump = await runTool(context, 'apt-config', ['dump', 'Acquire']);
  return dump.split('\n').filter((line) => /^Acquire::(https?|Retries|ForceIPv)\b.* "[^"]+";$/.test(line));
}

async function bootstrap(
  context: InstallContext,
  { what, packages }: DebianRecipe,
  { root, tools, archive }: { root: string; tools: string; archive: AptSource },
): Promise<void> {
  context.phase('Fetching mmdebstrap');
  const { script, env } = await fetchMmdebstrap(context, tools);
  const aptOptions = [
    // The archive's lists are valid for a week; a mirror may lag behind, or be a snapshot.
    'Acquire::Check-Valid-Until "false"',
    'APT::Install-Recommends "false"',
    ...(await transportOptions(context)),
  ];
  const onLine = (line: string) => {
    const phase = /^I: (.*)$/.exec(line)?.[1];
    if (phase) context.phase(`Installing ${what} from Debian packages: ${phase.replace(/\.+$/, '')}`);
  };
  const args = [
    '--mode=root',
    '--format=directory',
    '--variant=essential',
    `--include=${packages.join(',')}`,
    ...aptOptions.map((option) => `--aptopt=${option}`),
    ...unneeded.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    suite,
    root,
    asListEntry(archive, suite, 'main'),
  ];
  await runTool(context, 'perl', [script, ...args], { env, onLine });
}

async function addFiles(root: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text, { mode: 0o755 });
}

async function addServerUser(root: string): Promise<void> {
  const { name, id } = serverUser;
  await appendFile(join(root, 'etc/passwd'), `${name}:x:${id}:${id}::/srv:/usr/sbin/nologin\n`);
  await appendFile(join(root, 'etc/group'), `${name}:x:${id}:\n`);
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  await mkdir(join(root, 'srv'), { recursive: true });
  await chmod(root, 0o755);
}

/** Never follows into another file system: a mount an interrupted installation left behind must not be emptied. */
const remove = (context: ToolContext, ...paths: string[]) =>
  runTool(context, 'rm', ['-rf', '--one-file-system', '--', ...paths]);

async function install(context: InstallContext, recipe: DebianRecipe, root: string, archive: AptSource): Promise<void> {
  const part = `${root}.part`;
  const tools = `${root}.tools`;
  await remove(context, part, tools);
  await mkdir(context.cache, { recursive: true });
  const started = Date.now();
  try {
    await bootstrap(context, recipe, { root: part, tools, archive });
    await addServerUser(part);
    await addFiles(part, recipe.files);
    await rename(part, root);
  } finally {
    await remove(context, part, tools);
  }
  context.line(
    `Installed ${recipe.what} from Debian packages into ${root} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
}

/**
 * The root file system of a recipe, installed now unless it is there. All checkouts of a user share it, so it is built
 * under a lock, and under another name until it is complete.
 */
export async function ensureDebianRoot(context: InstallContext, recipe: DebianRecipe): Promise<string> {
  const root = rootFolder(context.cache, recipe);
  if (existsSync(root)) {
    if (process.getuid?.() !== 0) throw new Unavailable('only root can use chroot');
    return root;
  }
  const archive = requireArchive();
  const held = await hold(`install ${root}`, () => {
    context.phase('Waiting for another installation of the same Debian packages');
    return true;
  });
  try {
    if (!existsSync(root)) await install(context, recipe, root, archive);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`the Debian packages cannot be installed: ${reason}`);
  } finally {
    await held?.release();
  }
  return root;
}
