import type { Branch, Service, Ticket } from '@turno/shared';

/** Minutes until a ticket with `ahead` others before it is called: ahead x mean service time / open counters. */
export function expectedWait(ahead: number, service: Service, branch: Branch): number {
  return (ahead * service.mean_minutes) / branch.open_counters;
}

/** The expected wait minus and plus the branch's deviation, in whole minutes, never below 0. */
export function estimate(wait: number, branch: Branch): { low: number; high: number } {
  return {
    low: Math.max(0, Math.round(wait - branch.deviation_minutes)),
    high: Math.max(0, Math.round(wait + branch.deviation_minutes)),
  };
}

export function congestionLevel(wait: number, branch: Branch): Ticket['branch']['congestion_level'] {
  if (wait >= branch.congestion.high_from) return 'HIGH';
  return wait >= branch.congestion.medium_from ? 'MEDIUM' : 'LOW';
}
