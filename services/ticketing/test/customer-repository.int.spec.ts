import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createIndexes } from '@turno/mongo';
import type { KnownCustomer } from '@turno/shared';
import { CustomerRepository, customerModel, ticketingModels } from '../src/index.ts';
import { openServers, type Servers } from './database.ts';

let servers: Servers;

beforeAll(async () => {
  servers = await openServers('customer-repository');
});

afterAll(() => servers.dispose());

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

  test('when some are new, changed or as they were, then each is counted', async () => {
    const outcome = await customers.put([ana, { ...beto, phone: '+51900000001' }, { ...beto, id: 'c1' }]);

    expect(outcome).toEqual({ added: 1, changed: 1, unchanged: 1, refused: [] });
    await expect(customers.preview([ana, beto, { ...beto, id: 'd1' }])).resolves.toEqual({
      added: 1,
      changed: 1,
      unchanged: 1,
    });
  });

  test('when others have the identity document, then those are refused and the rest goes in', async () => {
    const document = { id_type: 'D', id_number: '1' };
    const twins = ['c1', 'd1', 'e1', 'f1'].map((id) => ({ ...beto, id, ...document }));
    const outcome = await customers.put([
      { ...twins[3]!, ...ana, id: 'z1' },
      ...twins.slice(0, 3),
      { ...beto, id: 'g1' },
    ]);

    expect(outcome).toEqual({ added: 2, changed: 0, unchanged: 0, refused: [0, 2, 3] });
    expect((await customers.byNumber('D', '1'))?.id).toBe('c1');
    expect((await customers.byNumber('D', '10203040'))?.id).toBe(ana.id);
    await expect(customers.byId('g1')).resolves.toBeDefined();
  });

  test('when one list has an id twice, then the last wins', async () => {
    const outcome = await customers.put([{ ...beto, phone: '+51900000001' }, beto, { ...beto, phone: '+51900000002' }]);

    expect(outcome).toEqual({ added: 0, changed: 3, unchanged: 0, refused: [] });
    expect((await customers.byId('b1'))?.phone).toBe('+51900000002');
  });

  test('when a customer gives an identity document up, then the next may have it', async () => {
    const { id_type: _type, id_number: _number, ...without } = ana;
    const outcome = await customers.put([without, { ...ana, id: 'heir' }]);

    expect(outcome.refused).toEqual([]);
    expect((await customers.byNumber('D', '10203040'))?.id).toBe('heir');
  });

  test('when the index of an earlier version is still there, then the new one is made beside it', async () => {
    const { collection } = customerModel(servers.mongo);
    await collection.dropIndex('one_customer_per_document');
    await collection.createIndex({ idNumber: 1, idType: 1 }, { name: 'by_identity_document' });

    await createIndexes(ticketingModels(servers.mongo));

    const names = (await collection.indexes()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['by_identity_document', 'one_customer_per_document']));
    expect((await customers.put([{ ...ana, id: 'twin' }])).refused).toEqual([0]);
  });

  test('when a phone says STOP, then all who have it are out, and nobody else', async () => {
    await customers.put([
      { ...beto, id: 'c1', phone: ana.phone },
      { ...beto, id: 'd1', phone: '+51900000009' },
    ]);

    await customers.decidePromotions({ phone: '+51987776576', allowed: false, since: new Date(2) });

    await expect(customers.byId('c1')).resolves.toMatchObject({ promotionsAllowed: false });
    await expect(customers.byId('d1')).resolves.toMatchObject({ promotionsAllowed: true });
  });

  test('when an older word comes late, then it changes nothing', async () => {
    const start = { phone: ana.phone!, allowed: true, since: new Date(2) };
    await customers.decidePromotions(start);
    await customers.decidePromotions({ ...start, allowed: false, since: new Date(1) });

    await expect(customers.byId(ana.id)).resolves.toMatchObject({ promotionsAllowed: true });
  });

  test('when the directory is written after a STOP, then it says what was written', async () => {
    await customers.decidePromotions({ phone: ana.phone!, allowed: true, since: new Date(2) });

    await expect(customers.put([ana])).resolves.toMatchObject({ changed: 1 });
    await expect(customers.put([ana])).resolves.toMatchObject({ unchanged: 1 });
    await expect(customers.byId(ana.id)).resolves.toMatchObject({ promotionsAllowed: false });
  });

  test('when an empty list is put, then nothing changes', async () => {
    await customers.put([]);

    expect((await customers.byId('b1'))?.id).toBe('b1');
  });
});
