import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hold } from '../exclusive.ts';
import type { StackContext } from '../stack-context.ts';
import { Unavailable } from '../steps/step.ts';
import { type AptSource, findMainArchive, readAptSources, resolveMirrorFile } from './apt-sources.ts';
import { asListEntry, fetchMmdebstrap } from './mmdebstrap.ts';
import { runTool } from './run-tool.ts';

/** RabbitMQ 4.3 and DocumentDB are in this release of Debian, whatever release the host runs. */
const suite = 'forky';
const packages = ['postgresql-18-documentdb', 'rabbitmq-server'];
const unneeded = ['doc', 'locale', 'man', 'info', 'bug', 'lintian'];
/** Raise it when the installation is done differently, so that older ones in people's caches are not taken for it. */
const revision = 1;

/** The user the servers run as. Nobody on the host, and outside the ranges Debian gives to system users and people. */
export const serverUser = { name: 'turno', id: 58_713 };

/** `debian-forky-<digest of the recipe>`: another recipe is another folder. */
function rootFolder(cache: string): string {
  const recipe = JSON.stringify([suite, packages, unneeded, serverUser, revision, process.arch]);
  return join(cache, `debian-${suite}-${createHash('sha256').update(recipe).digest('hex').slice(0, 8)}`);
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
async function transportOptions(context: StackContext): Promise<string[]> {
  const dump = await runTool(context, 'apt-config', ['dump', 'Acquire']);
  return dump.split('\n').filter((line) => /^Acquire::(https?|Retries|ForceIPv)\b.* "[^"]+";$/.test(line));
}

async function bootstrap(context: StackContext, root: string, tools: string, archive: AptSource): Promise<void> {
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
    if (phase) context.phase(`Installing RabbitMQ and DocumentDB from Debian packages: ${phase.replace(/\.+$/, '')}`);
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

async function addServerUser(root: string): Promise<void> {
  const { name, id } = serverUser;
  await appendFile(join(root, 'etc/passwd'), `${name}:x:${id}:${id}::/srv:/usr/sbin/nologin\n`);
  await appendFile(join(root, 'etc/group'), `${name}:x:${id}:\n`);
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  await mkdir(join(root, 'srv'), { recursive: true });
  await chmod(root, 0o755);
}

/** Never follows into another file system: a mount an interrupted installation left behind must not be emptied. */
const remove = (context: StackContext, ...paths: string[]) =>
  runTool(context, 'rm', ['-rf', '--one-file-system', '--', ...paths]);

async function install(context: StackContext, root: string, archive: AptSource): Promise<void> {
  const part = `${root}.part`;
  const tools = `${root}.tools`;
  await remove(context, part, tools);
  await mkdir(context.cache, { recursive: true });
  const started = Date.now();
  try {
    await bootstrap(context, part, tools, archive);
    await addServerUser(part);
    await rename(part, root);
  } finally {
    await remove(context, part, tools);
  }
  context.line(`Installed Debian packages into ${root} in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * The root file system with both servers, installed now unless it is there. All checkouts of a user share it, so it is built
 * under a lock, and under another name until it is complete.
 */
export async function ensureDebianRoot(context: StackContext): Promise<string> {
  const root = rootFolder(context.cache);
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
    if (!existsSync(root)) await install(context, root, archive);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`the Debian packages cannot be installed: ${reason}`);
  } finally {
    await held?.release();
  }
  return root;
}
