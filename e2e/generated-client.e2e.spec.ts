import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openApiDocument } from '@turno/gateway';
import { GeneratedClient } from './generated-client.ts';
import { System } from './system.ts';

/** Serves a text under any path, for as long as the work takes. */
async function serving<T>(text: string, work: (baseUrl: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

let system: System;

beforeAll(async () => {
  system = await System.start('generated-client');
});
afterAll(() => system.stop());

test('when a client is written over types made of /openapi.json, then it compiles, and does what it says', async () => {
  const client = await GeneratedClient.generate(system.apiUrl);
  const errors = await client.typeErrors();
  const printed = await client.run();
  await client.dispose();

  expect(errors).toBe('');
  expect(printed).toEqual({
    turn: 'T1',
    branch: 'Hiper Central',
    status: 'BLOCKED',
    refusal: 'Invalid branch ID.',
  });
});

test('when the description calls a property by another name, then the client does not compile', async () => {
  const other = JSON.stringify(openApiDocument()).replaceAll('"short_name"', '"nick"').replaceAll('"queue"', '"line"');

  const errors = await serving(other, async (baseUrl) => {
    const client = await GeneratedClient.generate(baseUrl);
    try {
      return await client.typeErrors();
    } finally {
      await client.dispose();
    }
  });

  expect(errors).toContain("Property 'queue' does not exist");
});

test('when there is no description at the address, then that is an error', async () => {
  await expect(serving('{}', (baseUrl) => GeneratedClient.generate(baseUrl))).rejects.toThrow(
    'Unsupported schema format',
  );
});
