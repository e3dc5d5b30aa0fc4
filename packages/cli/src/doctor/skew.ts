import { findingsOf, type Finding } from './finding.ts';

const { ok, warning, error } = findingsOf('clock');

/** What another clock said, and what ours said before and after it was asked. */
export interface Measured {
  /** Milliseconds since the epoch. */
  readonly theirs: number;
  readonly before: Date;
  readonly after: Date;
  /** How far the answer may be off by itself. */
  readonly resolutionMs: number;
}

/** From here deadlines suffer: they are moments, and a call has two seconds by default. */
const warnFromMs = 500;
const errorFromMs = 2_000;

/** How far this machine's clock is from another one; what the way there and back may explain does not count. */
export function skewFinding({ theirs, before, after, resolutionMs }: Measured, whose: string): Finding {
  const middle = (before.getTime() + after.getTime()) / 2;
  const uncertainty = (after.getTime() - before.getTime()) / 2 + resolutionMs;
  const ahead = middle - theirs;
  const surely = Math.max(0, Math.abs(ahead) - uncertainty);
  if (surely < warnFromMs)
    return ok(`this machine's clock and ${whose} agree within ${seconds(Math.max(surely, uncertainty))}`);
  const saw = `this machine's clock is ${seconds(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} ${whose}`;
  const mend = 'see that both keep time by NTP: timedatectl status';
  return surely < errorFromMs ? warning(saw, mend) : error(saw, mend);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toLocaleString('en', { maximumFractionDigits: ms < 100 ? 3 : 1 })} s`;
}
