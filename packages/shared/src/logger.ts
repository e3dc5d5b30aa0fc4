import { pino, stdSerializers, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { withoutPasswords } from './credentials.ts';
import { LogLevel } from './log-level.ts';
import { maskedByName, withoutPersonal, withoutPersonalData } from './masking.ts';

export type { Logger };

/** Where a logger, and each of its children, has its level. */
const levelOf = Symbol('level');

/**
 * The log of one service: JSON lines on standard output, ISO times, the level by name.
 * Phones, document numbers and names are masked wherever they appear under their field names, and in errors too.
 *
 * @param output takes each line, in place of standard output
 */
export function createLogger(service: string, level: string, output?: DestinationStream): Logger {
  const threshold = new LogLevel(level);
  const options = optionsOf(service, threshold);
  return withLevel(output ? pino(options, output) : pino(options), threshold);
}

/** Lines wait for so many bytes, or so many milliseconds. */
const blockBytes = 4_096;
const flushWithinMs = 250;

/**
 * As `createLogger`, for a process of its own that logs much: lines are written in blocks, since a write costs more than
 * the rest of a line. An error takes along all before it at once, and the end of the process what is left; `kill -9` loses
 * the last quarter of a second at most. Blocks are written synchronously, or an error would wait for the block before it.
 */
export function createBlockLogger(service: string, level: string): Logger {
  const output = pino.destination({ sync: true, minLength: blockBytes });
  let timer: NodeJS.Timeout | undefined;
  // Not `flushSync`, which would try for ever where nobody reads any more.
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    output.flush();
  };
  process.once('exit', flush);
  const { error } = pino.levels.values;
  const written = (lineLevel: number): void => {
    if (lineLevel >= error!) flush();
    // The library's own timer would wake an idle service, four times a second.
    else timer ??= setTimeout(flush, flushWithinMs).unref();
  };
  const threshold = new LogLevel(level);
  return withLevel(pino(optionsOf(service, threshold, written), output), threshold);
}

/** The level of a logger that this file made, and of all that came of it. */
export function logLevelOf(logger: Logger): LogLevel {
  return (logger as unknown as { readonly [levelOf]: LogLevel })[levelOf];
}

function withLevel(logger: Logger, level: LogLevel): Logger {
  // A child has its parent for its prototype, and so this as well.
  return Object.assign(logger, { [levelOf]: level });
}

function optionsOf(service: string, threshold: LogLevel, written?: (level: number) => void): LoggerOptions {
  return {
    level: 'trace',
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: withoutPersonalData,
    },
    // Of what is bound to a child, which no formatter sees.
    serializers: { err: errorWithoutPersonalData, ...maskedByName },
    hooks: {
      logMethod(line, write, level) {
        if (!threshold.isWritten(level)) return;
        write.apply(this, line);
        written?.(level);
      },
    },
  };
}

/**
 * Errors of the database and of providers quote what they were given, in their messages and in fields of their own: a failed
 * bulk write has all its documents. Of these fields only plain values are told.
 */
function errorWithoutPersonalData(error: unknown): unknown {
  if (typeof error === 'string') return told(error);
  // Whatever somebody has thrown in place of an error.
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack, ...rest } = stdSerializers.err(error);
  const plain = Object.entries(rest).flatMap(([name, value]): [string, unknown][] => {
    if (Object.hasOwn(maskedByName, name)) return [[name, maskedByName[name]!(typeof value === 'object' ? '' : value)]];
    if (typeof value === 'string') return [[name, told(value)]];
    return typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [];
  });
  return { ...Object.fromEntries(plain), type, message: told(message), stack: told(stack) };
}

function told(text: string): string {
  return withoutPersonal(withoutPasswords(text));
}
