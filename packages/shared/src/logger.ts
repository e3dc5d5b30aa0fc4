import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger };

/**
 * The log of one service: JSON lines on standard output, ISO times, the level by name.
 * Phone numbers and document numbers are masked wherever they appear under their field names.
 */
export function createLogger(service: string, level: string): Logger {
  return pino(optionsOf(service, level));
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
  return pino(
    {
      ...optionsOf(service, level),
      hooks: {
        logMethod(line, write, lineLevel) {
          write.apply(this, line);
          if (lineLevel >= error!) flush();
          // The library's own timer would wake an idle service, four times a second.
          else timer ??= setTimeout(flush, flushWithinMs).unref();
        },
      },
    },
    output,
  );
}

function optionsOf(service: string, level: string): LoggerOptions {
  return {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['phone', '*.phone', 'to', '*.to', 'customer_id_number', '*.customer_id_number'], censor: mask },
  };
}

/** Keeps what tells two numbers apart in a log, not what identifies a person: `+51987776576` becomes `+51*******76`. */
export function mask(value: unknown): string {
  const text = String(value);
  if (text.length <= 5) return '*'.repeat(text.length);
  return text.slice(0, 3) + '*'.repeat(text.length - 5) + text.slice(-2);
}

/** A text that somebody else wrote, which may have phones where nobody expects them: each is masked. */
export function withoutPhones(text: string): string {
  return text.replaceAll(/\+[1-9]\d{3,14}/g, mask);
}
