import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commonConfig } from '@turno/shared';
import { gatewayConfig } from '@turno/gateway';
import { notificationsConfig } from '@turno/notifications';
import { ticketingConfig } from '@turno/ticketing';
import { parse } from 'yaml';

interface Service {
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: unknown;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>;
}

const root = join(import.meta.dirname, '..');
const opsPorts = /\b910[0-2]\b/;
const required = {
  AMQP_URL: 'amqp://host',
  TICKETING_MONGO_URL: 'mongodb://host/db',
  NOTIFICATIONS_MONGO_URL: 'mongodb://host/db',
};

let compose: Compose;

beforeAll(async () => {
  compose = parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
});

const portsOf = (name: string) => compose.services[name]?.ports ?? [];

describe('where servers answer by default', () => {
  test('when no host is configured, then operations servers, callbacks and inbox are on loopback, and the API alone is not', () => {
    const env = { ...required, SMS_PROVIDER: 'inbox' };

    expect(commonConfig.OPS_HOST.parse(undefined)).toBe('127.0.0.1');
    expect(gatewayConfig.parse(env)).toMatchObject({ OPS_HOST: '127.0.0.1', GATEWAY_HOST: '0.0.0.0' });
    expect(ticketingConfig.parse(env)).toMatchObject({ OPS_HOST: '127.0.0.1' });
    expect(notificationsConfig.parse(env)).toMatchObject({ OPS_HOST: '127.0.0.1', NOTIFICATIONS_HOST: '127.0.0.1' });
  });

  test('when Compose starts it, then the API is published to all, callbacks and pages to this machine, and nothing else', () => {
    const published = Object.fromEntries(
      Object.keys(compose.services).flatMap((name) => (portsOf(name).length > 0 ? [[name, portsOf(name)]] : [])),
    );

    expect(published).toEqual({
      gateway: ['${GATEWAY_PORT:-3000}:3000'],
      notifications: ['127.0.0.1:${NOTIFICATIONS_PORT:-3002}:3002'],
      proxy: ['${PROXY_PORT:-3000}:3000', '127.0.0.1:${PROXY_CALLBACKS_PORT:-3002}:3002'],
      prometheus: ['127.0.0.1:${PROMETHEUS_PORT:-9090}:9090'],
      grafana: ['127.0.0.1:${GRAFANA_PORT:-3030}:3000'],
    });
  });

  test('when Compose starts operations servers for all of its network, then they have a token', () => {
    for (const name of ['gateway', 'ticketing', 'notifications']) {
      expect(compose.services[name]?.environment).toMatchObject({
        OPS_HOST: '0.0.0.0',
        OPS_TOKEN: expect.stringMatching(/^\$\{OPS_TOKEN:\?/) as unknown,
      });
    }
  });

  test('when Kubernetes runs it, then no Service leads to an operations server', async () => {
    const folder = join(root, 'deploy/kubernetes');
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml'))) {
      const services = (await readFile(join(folder, file), 'utf8'))
        .split('---')
        .filter((part) => /^kind: Service$/m.test(part));
      for (const service of services) expect(service).not.toMatch(/targetPort: ops|910[0-2]/);
    }
  });

  test('when the images run, then the inbox has to be allowed by name, which the template does for a first look', async () => {
    const template = await readFile(join(root, '.env.example'), 'utf8');
    const secrets = await readFile(join(root, 'deploy/kubernetes/secrets/notifications.env.example'), 'utf8');

    expect(await readFile(join(root, 'Dockerfile'), 'utf8')).toMatch(/^ENV NODE_ENV=production/m);
    expect(compose.services['notifications']?.environment).toMatchObject({
      INBOX_IN_PRODUCTION: '${INBOX_IN_PRODUCTION:-}',
    });
    expect(template).toMatch(/^INBOX_IN_PRODUCTION=allowed$/m);
    expect(secrets).toMatch(/^INBOX_IN_PRODUCTION=$/m);
  });

  test('when the proxy stands before all, then it passes no operations server and no inbox', async () => {
    const proxy = await readFile(join(root, 'deploy/proxy/haproxy.cfg'), 'utf8');

    expect(proxy).toMatch(/path_beg \/callbacks\//);
    expect(proxy.replaceAll(/#.*|.*\bcheck\b.*/g, '')).not.toMatch(opsPorts);
  });
});

describe('the gateway has no database', () => {
  test('when its variables are listed, then none is of a database', () => {
    expect(Object.keys(gatewayConfig.shape).filter((name) => name.includes('MONGO'))).toEqual([]);
    expect(JSON.stringify(compose.services['gateway']?.environment)).not.toMatch(/mongo/i);
  });

  test('when its packages are listed, with theirs, then no driver of a database is among them', async () => {
    const seen = new Set<string>();
    const visit = async (folder: string): Promise<void> => {
      const { name, dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
        name: string;
        dependencies?: Record<string, string>;
      };
      seen.add(name);
      for (const needed of Object.keys(dependencies)) {
        seen.add(needed);
        if (needed.startsWith('@turno/')) await visit(join(root, 'packages', needed.slice('@turno/'.length)));
      }
    };
    await visit(join(root, 'services/gateway'));

    expect(seen).toContain('@turno/shared');
    expect([...seen].filter((name) => /mongo|\bpg\b/.test(name))).toEqual([]);
  });

  test('when Compose joins networks, then the database is on one without the gateway and without a way out', () => {
    const networksOf = (name: string) => new Set(compose.services[name]?.networks);
    const shared = [...networksOf('gateway')].filter((network) => networksOf('mongo').has(network));

    expect(shared).toEqual([]);
    expect([...networksOf('mongo')]).toEqual(['database']);
    expect(compose.networks).toMatchObject({ database: { internal: true }, broker: { internal: true } });
  });
});
