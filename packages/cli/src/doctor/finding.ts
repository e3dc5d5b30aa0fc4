/** What the doctor looks at, in the order in which it reports. */
export const areas = [
  'configuration',
  'broker',
  'database',
  'catalogue',
  'outbox',
  'dead letters',
  'clock',
  'provider',
] as const;
export type Area = (typeof areas)[number];

/** An error keeps Turno from working, or will; a warning wants an eye on it, or could not be looked at. */
export type Level = 'ok' | 'warning' | 'error';

/** One thing that was looked at. */
export interface Finding {
  readonly area: Area;
  readonly level: Level;
  /** What was seen, in one line, without secrets. */
  readonly saw: string;
  /** A command to give or a variable to set. */
  readonly mend?: string;
}

/** Findings of one area, by how bad they are. */
export function findingsOf(area: Area) {
  return {
    ok: (saw: string): Finding => ({ area, level: 'ok', saw }),
    warning: (saw: string, mend: string): Finding => ({ area, level: 'warning', saw, mend }),
    error: (saw: string, mend: string): Finding => ({ area, level: 'error', saw, mend }),
  };
}
