import type { PairsResult } from './pairs-report.ts';
export function pairsPlot(_result: PairsResult): string {
  return '';
}
