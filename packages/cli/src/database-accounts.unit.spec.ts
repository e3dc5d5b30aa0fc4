import { describe, expect, test } from '@jest/globals';
import { accountOf, credentialsAndRoles } from './database-accounts.ts';

const addresses = {
  ticketing: 'mongodb://ticketing:secret@mongo:27017/ticketing',
  notifications: 'mongodb://notifications:secret@a,b:27018/notifications?replicaSet=turno&tls=true',
};

describe("the account of a service's database", () => {
  test.each(Object.entries(addresses))('when it is that of %s, then it may do nothing outside its own', (name, url) => {
    const account = accountOf(url);

    expect(account).toMatchObject({ user: name, database: name, home: name });
    expect(credentialsAndRoles(account)).toEqual({ pwd: 'secret', roles: [{ role: 'readWrite', db: name }] });
  });

  test('when its home is that of administrators, or it has no password, then none is made', () => {
    expect(() => accountOf(`${addresses.ticketing}?authSource=admin`)).toThrow('its home is admin');
    expect(() => accountOf('mongodb://mongo:27017/ticketing')).toThrow('names no user and password');
  });
});
