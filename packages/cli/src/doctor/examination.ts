import type { Area, Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

/** Looks at something and says what it found. */
export interface Examination {
  readonly area: Area;
  /** What it looks at, for the line that says it took too long. */
  readonly of: string;
  readonly examine: () => Promise<readonly Finding[]>;
}

/**
 * Runs examinations side by side. Each has its time: one that takes longer, or fails in a way it did not foresee, is an error
 * among the findings, and the others are told all the same.
 *
 * @param withinMs for each of them, in milliseconds
 */
export async function examineAll(examinations: readonly Examination[], withinMs: number): Promise<Finding[]> {
  const found = await Promise.all(examinations.map((examination) => inItsTime(examination, withinMs)));
  return found.flat();
}

async function inItsTime({ area, of, examine }: Examination, withinMs: number): Promise<readonly Finding[]> {
  const { error } = findingsOf(area);
  const { promise, resolve } = Promise.withResolvers<readonly Finding[]>();
  const tooLate = error(
    `${of}: no answer within ${withinMs / 1_000} s`,
    'see whether it is overloaded, or a firewall is in between',
  );
  const timer = setTimeout(() => resolve([tooLate]), withinMs);
  try {
    return await Promise.race([examine(), promise]);
  } catch (failure) {
    return [error(`${of}: ${reasonOf(failure)}`, 'mend what the reason names, then look again')];
  } finally {
    clearTimeout(timer);
  }
}

/** Why something failed, in one line. Node reports a refused connection to `localhost` as an error without a message. */
export function reasonOf(failure: unknown): string {
  const { message, code, name } = failure as { message?: string; code?: string | number; name?: string };
  return (message || (code === undefined ? name : String(code)) || 'no reason given').split('\n')[0]!;
}
