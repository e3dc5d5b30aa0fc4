// The SMS provider's process: takes every message, and remembers when it came for which phone.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { indexOf } from '../load/requests.ts';
import { monotonicMs } from '../load/monotonic.ts';
import { answerQuestions } from '../processes/questions.ts';
import type { ProviderQuestion } from './questions.ts';

const calledAt = new Map<number, number>();
let answerAfterMs = 0;

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const now = monotonicMs();
  const { to } = (await json(request)) as { to: string };
  const index = indexOf(to);
  if (!calledAt.has(index)) calledAt.set(index, now);
  const accept = () => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"id":"${index}"}`);
  if (answerAfterMs === 0) accept();
  else setTimeout(accept, answerAfterMs);
}

function answer(question: ProviderQuestion): number | Float64Array {
  switch (question.ask) {
    case 'answer after':
      return (answerAfterMs = question.ms);
    case 'how many':
      return range(question).filter((index) => calledAt.has(index)).length;
    case 'when': {
      const times = Float64Array.from(range(question), (index) => calledAt.get(index) ?? NaN);
      for (const index of range(question)) calledAt.delete(index);
      return times;
    }
  }
}

function range({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: to - from }, (_, offset) => from + offset);
}

const server = createServer((request, response) => void receive(request, response));
await once(server.listen(Number(process.env['BENCH_PROVIDER_PORT']), '127.0.0.1'), 'listening');
answerQuestions(answer);
