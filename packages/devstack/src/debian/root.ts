import { spawnSync } from 'node:child_process';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../servers/installation.ts';
import { serverUser } from './install.ts';

const path = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * /proc, for `rabbitmqctl status` and the disk alarm alone, in a mount namespace that ends with the server, so that no mount
 * is ever left on the host. $0 is the root. Goes on without where mounting is not allowed; everything else works then, too.
 */
const withProc = 'mount -t proc -o nosuid,nodev,noexec proc "$0/proc" 2>/dev/null; exec chroot "$0" "$@"';

let namespaces: boolean | undefined;
function mayUnshareMounts(): boolean {
  namespaces ??=
    spawnSync('unshare', ['--mount', '--propagation', 'private', 'true'], { stdio: 'ignore' }).status === 0;
  return namespaces;
}

/** The command line that enters the root and becomes the servers' unprivileged user. */
function enter(root: string, program: string, args: readonly string[], signalAtOrphaning: NodeJS.Signals) {
  const { id } = serverUser;
  const user = [`--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--no-new-privs'];
  const become = ['/usr/bin/setpriv', ...user, `--pdeathsig=${signalAtOrphaning.slice(3)}`, '--', program, ...args];
  return mayUnshareMounts()
    ? { command: 'unshare', args: ['--mount', '--propagation', 'private', '/bin/sh', '-c', withProc, root, ...become] }
    : { command: 'chroot', args: [root, ...become] };
}

async function makeFolder(at: string): Promise<void> {
  await mkdir(at, { recursive: true, mode: 0o700 });
  await chown(at, serverUser.id, serverUser.id);
}

/** The stack's part of the root file system: its own folder in /srv, readable for nobody else, empty unless data are kept. */
export async function openDebianRoot(root: string, stackId: string, keepData: boolean): Promise<Installation> {
  const folderInside = `/srv/${stackId}`;
  const folder = join(root, folderInside);
  if (!keepData) await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  return {
    origin: 'from Debian packages',
    folder,
    folderInside,
    path,
    command: (program, args, signalAtOrphaning = 'SIGKILL') => enter(root, program, args, signalAtOrphaning),
    makeFolder: (name) => makeFolder(join(folder, name)),
  };
}
