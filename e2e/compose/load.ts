import { setTimeout as pause } from 'node:timers/promises';
import { eventually, fetchOnce } from '@turno/testing';
import { Callers, type TimedAsked } from '../faults/callers.ts';
import type { SeenTexts } from './compose-project.ts';

export interface Addresses {
  api(): Promise<string>;
  inbox(): Promise<string>;
}

/** What became of the requests of a while. Each list is to be empty, one line a finding. */
export interface LoadVerdict {
  readonly requests: number;
  readonly created: number;
  readonly unanswered: readonly string[];
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

const textsWithinMs = 60_000;

/** Asks for tickets while `work` goes on, and holds what was answered against what is stored and was texted. */
export async function underLoad(
  addresses: Addresses,
  texts: SeenTexts,
  work: () => Promise<void>,
): Promise<LoadVerdict> {
  // Looked up anew for each request: a port may change with its container.
  let api = await addresses.api();
  const callers = new Callers(async (body, headers = {}) => {
    try {
      return await send(`${api}/customer/v1/tickets`, body, headers);
    } catch (error) {
      api = await addresses.api().catch(() => api);
      throw error;
    }
  });
  const reading = new AbortController();
  const reader = keepReading(addresses, texts, reading.signal);
  const end = callers.keepAsking({ callers: 3, pauseMs: 100 });
  let asked: readonly TimedAsked[];
  try {
    await work();
  } finally {
    asked = await end();
    reading.abort();
    await reader;
  }
  return judge(asked, await addresses.api(), await addresses.inbox(), texts);
}

async function keepReading(addresses: Addresses, texts: SeenTexts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await addresses.inbox().then(
      (base) => texts.read(base),
      () => undefined,
    );
    await pause(3_000, undefined, { signal }).catch(() => undefined);
  }
}

async function judge(asked: readonly TimedAsked[], api: string, inbox: string, texts: SeenTexts): Promise<LoadVerdict> {
  const ids = asked.flatMap(({ outcome }) => (outcome.kind === 'created' ? [outcome.ticketId] : []));
  await eventually(async () => {
    await texts.read(inbox);
    return ids.every((id) => texts.countOf(id) > 0);
  }, textsWithinMs).catch(() => undefined);
  const missing: string[] = [];
  for (const id of ids) {
    const { status } = await fetchOnce(`${api}/customer/v1/tickets/${id}?fields=id`);
    if (status !== 200) missing.push(`ticket ${id} was answered 201, and now ${status}`);
  }
  return {
    requests: asked.length,
    created: ids.length,
    unanswered: asked.flatMap(({ outcome }) => (outcome.kind === 'unknown' ? [outcome.why] : [])),
    lost: [...missing, ...ids.filter((id) => texts.countOf(id) === 0).map((id) => `ticket ${id} has no SMS`)],
    doubled: ids.filter((id) => texts.countOf(id) > 1).map((id) => `ticket ${id} has ${texts.countOf(id)} SMS`),
  };
}

function send(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}
