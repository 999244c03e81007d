import type { Case } from './case.ts';

/** Task runs that a system must have executed for a case, whatever it did to warm up. */
export function countedTaskRuns({ row, n }: Pick<Case, 'row' | 'n'>): number {
  switch (row) {
    case 'tree':
      return 2 * n - 1;
    case 'fan':
      return 17 * n;
    case 'pending':
      return n + 1;
    case 'cold-hello':
      return 1;
    case 'noop-map':
    case 'chain':
    case 'stages':
      return n;
  }
}
