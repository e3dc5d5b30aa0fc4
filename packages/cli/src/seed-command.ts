import type { BranchDetails } from '@turno/shared';
import { processTerminal, type Terminal } from './terminal.ts';

export interface SeedOptions {
  /** Where the gateway's API is. */
  readonly api: string;
  readonly tickets: string;
}

/**
 * Takes tickets at a branch through the API, without a phone, so that a demo has somebody waiting. The same seed on the
 * same day takes the same tickets: it may be repeated.
 *
 * @throws when the API is away or refuses
 */
export async function seed(
  branchId: string,
  { api, tickets }: SeedOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const branch = (await call(new URL(`/customer/v1/branches/${encodeURIComponent(branchId)}`, api))) as BranchDetails;
  const places = branch.sectors
    .filter(({ status }) => status === 'OPEN')
    .flatMap(({ id, services }) => services.map((service) => ({ sector_id: id, service_id: service })));
  if (places.length === 0) throw new Error(`${branch.name} has no open sector that offers a service`);
  const today = new Date().toISOString().slice(0, 10);
  for (let i = 0; i < Number(tickets); i++) {
    await call(new URL('/customer/v1/tickets', api), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `seed-${branchId}-${today}-${i}` },
      body: JSON.stringify({ branch_id: branchId, ...places[i % places.length], channel: 'seed' }),
    });
  }
  terminal.say(`${tickets} tickets wait at ${branch.name}.`);
}

async function call(url: URL, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init).catch((error: unknown) => {
    throw new Error(`nothing answers at ${url.origin}`, { cause: error });
  });
  const body = (await answer.json()) as { message?: string };
  if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status} ${body.message ?? ''}`);
  return body;
}
