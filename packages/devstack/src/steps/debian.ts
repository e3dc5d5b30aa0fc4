import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianRoot, serversRecipe } from '../debian/install.ts';
import { openDebianRoot } from '../debian/root.ts';
import { startDocumentdb } from '../servers/documentdb.ts';
import { startRedis } from '../servers/redis.ts';
import { startRabbitmqNode } from '../servers/rabbitmq-node.ts';
import type { Installation } from '../servers/installation.ts';
import type { StackContext } from '../stack-context.ts';
import type { Step, StepMaker } from './step.ts';

function rabbitmqVersion(root: string): string {
  const [folder = ''] = readdirSync(join(root, 'usr/lib/rabbitmq/lib'));
  return folder.replace('rabbitmq_server-', '');
}

function documentdbVersion(root: string): string {
  const control = readFileSync(join(root, 'usr/share/postgresql/18/extension/documentdb.control'), 'utf8');
  return /default_version\s*=\s*'([\d.]+)/.exec(control)?.[1] ?? '';
}

async function open(context: StackContext): Promise<{ root: string; installation: Installation }> {
  const root = await ensureDebianRoot(context, serversRecipe);
  const installation = await openDebianRoot(root, context.id, context.keepData);
  context.ledger.addFolder(installation.folder, context.keepData);
  return { root, installation };
}

/** Step 4: both servers from Debian packages in a root file system of their own. */
export const debianStep: StepMaker = (context): Step => {
  let opened: ReturnType<typeof open> | undefined;
  const once = () => (opened ??= open(context));
  return {
    name: 'Debian packages',
    async broker() {
      const { root, installation } = await once();
      const version = rabbitmqVersion(root);
      const scripts = `/usr/lib/rabbitmq/lib/rabbitmq_server-${version}/sbin`;
      return startRabbitmqNode(context, installation, { version, scripts, epmd: '/usr/bin/epmd' });
    },
    async database() {
      const { root, installation } = await once();
      return startDocumentdb(context, installation, documentdbVersion(root));
    },
    async redis() {
      const { installation } = await once();
      return startRedis(context, installation, '/usr/bin/redis-server');
    },
  };
};
