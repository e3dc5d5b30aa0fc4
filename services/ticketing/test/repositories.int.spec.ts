import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ContractViolation, type KnownCustomer } from '@turno/shared';
import { eventually } from '@turno/testing';
import { CatalogueCache } from '../src/data-access/catalogue-cache.ts';
import { CatalogueRepository, catalogueModel, CustomerRepository, customerModel } from '../src/index.ts';
import { openServers, silent, type Servers } from './database.ts';
import { network } from './drafts.ts';

let servers: Servers;

beforeAll(async () => {
  servers = await openServers('repositories');
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

describe('the customers', () => {
  let customers: CustomerRepository;
  const ana: KnownCustomer = {
    id: 'a9087s902m',
    id_type: 'D',
    id_number: '10203040',
    phone: '+51987776576',
    language: 'en',
    promotions: false,
  };
  const beto: KnownCustomer = { id: 'b1', language: 'es', promotions: true };

  beforeEach(async () => {
    await customerModel(servers.mongo).deleteMany({});
    customers = new CustomerRepository(customerModel(servers.mongo));
    await customers.put([ana, beto]);
  });

  test('when a customer is put, then the id and the identity document find the same one', async () => {
    const found = await customers.byId('a9087s902m');

    expect(found).toEqual({ id: 'a9087s902m', phone: '+51987776576', language: 'en', promotionsAllowed: false });
    await expect(customers.byNumber('D', '10203040')).resolves.toEqual(found);
  });

  test('when a customer has no phone and no document, then the id alone finds them', async () => {
    await expect(customers.byId('b1')).resolves.toEqual({
      id: 'b1',
      phone: undefined,
      language: 'es',
      promotionsAllowed: true,
    });
  });

  test('when nobody has the id or the document, then nobody is found', async () => {
    await expect(customers.byId('A9087S902M')).resolves.toBeUndefined();
    await expect(customers.byNumber('P', '10203040')).resolves.toBeUndefined();
  });

  test('when a customer is put again without a phone, then the old phone is gone', async () => {
    const { phone: _old, ...rest } = ana;
    await customers.put([rest]);

    expect((await customers.byId(ana.id))?.phone).toBeUndefined();
  });

  test('when an empty list is put, then nothing changes', async () => {
    await customers.put([]);

    expect((await customers.byId('b1'))?.id).toBe('b1');
  });
});
