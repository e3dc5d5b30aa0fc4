import { describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { isolateForTest } from '../src/index.ts';
import { requestManagement } from '../src/servers/answers.ts';

const managementUrl = process.env['TURNO_TEST_MANAGEMENT_URL'] ?? '';
const vhostStatus = async (vhost: string) =>
  (await requestManagement(managementUrl, 'GET', `/api/vhosts/${vhost}`)).status;

describe('an isolated vhost and database', () => {
  it('are used by nobody else, and gone after', async () => {
    const [one, other] = await Promise.all([isolateForTest('Isolate: a spec'), isolateForTest('Isolate: a spec')]);
    const client = await new MongoClient(one.mongoUrl).connect();
    await client.db().collection('c').insertOne({ a: 1 });

    expect(one.vhost).toMatch(/^isolate-a-spec-[0-9a-f]+$/);
    expect(one.vhost).not.toBe(other.vhost);
    expect(client.db().databaseName).toBe(one.vhost);
    expect(await vhostStatus(one.vhost)).toBe(200);

    await Promise.all([one.dispose(), other.dispose()]);

    expect(await vhostStatus(one.vhost)).toBe(404);
    await expect(client.db().listCollections().toArray()).resolves.toEqual([]);
    await client.close();
  });

  it('can be given back twice', async () => {
    const isolated = await isolateForTest('twice');
    await isolated.dispose();
    await isolated.dispose();
    expect(await vhostStatus(isolated.vhost)).toBe(404);
  });
});
