import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ContractViolation } from '@turno/shared';
import { eventually } from '@turno/testing';
import { CatalogueCache } from '../src/data-access/catalogue-cache.ts';
import { CatalogueRepository, catalogueModel, ticketingConfig } from '../src/index.ts';
import { openServers, silent, type Servers } from './database.ts';
import { network } from './drafts.ts';

let servers: Servers;

beforeAll(async () => {
  servers = await openServers('catalogue-repository');
});

afterAll(() => servers.dispose());

describe('the catalogue', () => {
  let repository: CatalogueRepository;
  const closed = { ...network, branches: network.branches.map((branch) => ({ ...branch, status: 'CLOSE' as const })) };

  beforeEach(async () => {
    await catalogueModel(servers.mongo).deleteMany({});
    repository = new CatalogueRepository(catalogueModel(servers.mongo));
  });

  test('when nothing was imported, then there is none', async () => {
    await expect(repository.currentVersion()).resolves.toBeUndefined();
    await expect(repository.load()).resolves.toBeUndefined();
  });

  test('when it is imported, then it is read as it was written', async () => {
    await repository.replace(network, 'v1');

    await expect(repository.currentVersion()).resolves.toBe('v1');
    await expect(repository.load()).resolves.toEqual({ version: 'v1', content: network });
  });

  test('when another is imported, then it takes the place of the first', async () => {
    await repository.replace(network, 'v1');
    await repository.replace(closed, 'v2');

    await expect(repository.load()).resolves.toEqual({ version: 'v2', content: closed });
  });

  test('when something else is stored, then reading it says that it is off', async () => {
    await repository.replace({ ...network, services: [] }, 'v1');

    await expect(repository.load()).rejects.toBeInstanceOf(ContractViolation);
  });

  test('when it is imported while a service runs, then the service takes it over', async () => {
    const cache = new CatalogueCache(repository, silent);
    await cache.start(50);
    const before = cache.isLoaded;

    await repository.replace(network, 'v1');
    await eventually(async () => cache.isLoaded);
    await repository.replace(closed, 'v2');
    await eventually(async () => cache.current().catalogue.branches[0]!.status === 'CLOSE');

    cache.stop();
    expect(before).toBe(false);
    expect(cache.current().catalogue).toEqual(closed);
  });

  test('when it is imported while a service runs with its defaults, then the service has it within five seconds', async () => {
    const everyMs = ticketingConfig.shape.CATALOGUE_REFRESH_MS.parse(undefined);
    const cache = new CatalogueCache(repository, silent);
    await repository.replace(network, 'v1');
    await cache.start(everyMs);

    await repository.replace(closed, 'v2');
    await eventually(async () => cache.current().catalogue.branches[0]!.status === 'CLOSE');

    cache.stop();
    expect(everyMs).toBeLessThan(5_000);
  });

  test('when a bad one turns up, then the one in force stays', async () => {
    const cache = new CatalogueCache(repository, silent);
    await repository.replace(network, 'v1');
    await cache.refresh();

    await repository.replace({ ...network, services: [] }, 'v2');
    await cache.refresh();

    expect(cache.current().catalogue).toEqual(network);
  });

  test('when there is none, then asking for it says how to import one', () => {
    expect(() => new CatalogueCache(repository, silent).current()).toThrow('turno catalogue import');
  });
});
