import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { z } from 'zod';
import { logLevels, type LogLevel } from './log-level.ts';
import { logLevelOf, type Logger } from './logger.ts';
import { refusedWrite } from './ops-writes.ts';

export interface OpsAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const bodyAtMostBytes = 1_024;
const dayInSeconds = 86_400;

const wanted = z.strictObject({
  level: z.enum(logLevels),
  /** After so many seconds it goes back by itself. */
  for_seconds: z.int().min(1).max(dayInSeconds).optional(),
});

/**
 * `/log-level`: how much the service logs. GET tells it, to anybody; PUT changes it, for whoever has the token, until the
 * service ends or the time given is over.
 */
export async function answerLogLevel(
  request: IncomingMessage,
  token: string | undefined,
  logger: Logger,
): Promise<OpsAnswer> {
  const level = logLevelOf(logger);
  if (request.method === 'GET' || request.method === 'HEAD') return { status: 200, body: told(level) };
  if (request.method !== 'PUT') {
    return { status: 405, body: { message: 'Only GET and PUT will do here.' }, headers: { allow: 'GET, HEAD, PUT' } };
  }
  const refused = refusedWrite(request, token);
  if (refused) return { ...refused, body: { message: refused.message } };
  const sent = wanted.safeParse(await bodyOf(request));
  if (!sent.success) return { status: 400, body: { message: whatIsWrong(sent.error) } };
  const { level: name, for_seconds: seconds } = sent.data;
  const say = (): void => logger.warn({ log_level: name, for_seconds: seconds }, 'an operator changes the log level');
  const isHeardBefore = level.isWritten(pino.levels.values['warn']!);
  if (isHeardBefore) say();
  level.change(name, seconds === undefined ? undefined : seconds * 1_000);
  if (!isHeardBefore) say();
  return { status: 200, body: told(level) };
}

function told(level: LogLevel) {
  return { level: level.name, configured: level.configured, until: level.until?.toISOString() ?? null };
}

function whatIsWrong({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length === 0
    ? 'A body like {"level":"debug","for_seconds":600} is wanted.'
    : `${path.join('.')}: ${message}`;
}

/** Undefined when it is no JSON, or too long to be a level. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyAtMostBytes) chunks.push(chunk);
  }
  if (bytes > bodyAtMostBytes) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    return undefined;
  }
}
