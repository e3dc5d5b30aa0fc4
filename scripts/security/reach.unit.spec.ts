import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

interface ComposeService {
  readonly networks: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
};

const addresses = (service: string): string[] =>
  Object.keys(services[service]!.environment).filter((name) => /(?:AMQP|MONGO)\w*_URL$/.test(name));

test.each([
  ['gateway', ['AMQP_URL']],
  ['ticketing', ['AMQP_URL', 'TICKETING_MONGO_URL']],
  ['notifications', ['AMQP_URL', 'NOTIFICATIONS_MONGO_URL']],
])('when Compose runs %s, then it has the addresses of its own accounts and no others', (service, expected) => {
  expect(addresses(service).toSorted()).toEqual(expected);
});

test('when the gateway is taken over, then no database can be reached from it', () => {
  expect(services['gateway']!.networks).not.toContain('database');
});
