import { pino } from 'pino';

export type { Logger } from 'pino';

/**
 * The log of one service: JSON lines on standard output, ISO times, the level by name.
 * Phone numbers and document numbers are masked wherever they appear under their field names.
 */
export function createLogger(service: string, level: string) {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['phone', '*.phone', 'to', '*.to', 'customer_id_number', '*.customer_id_number'], censor: mask },
  });
}

/** Keeps what tells two numbers apart in a log, not what identifies a person: `+51987776576` becomes `+51*******76`. */
export function mask(value: unknown): string {
  const text = String(value);
  if (text.length <= 5) return '*'.repeat(text.length);
  return text.slice(0, 3) + '*'.repeat(text.length - 5) + text.slice(-2);
}
