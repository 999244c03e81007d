import type { Case } from '../../suite/case.ts';

/** Tasks that a case asks for. */
export function tasksOf({ row, n }: Case): number {
  switch (row) {
    case 'tree':
      return 2 * n - 1;
    case 'fan':
      return 17 * n;
    case 'cold-hello':
      return 1;
    case 'noop-map':
    case 'chain':
    case 'stages':
    case 'pending':
      return n;
  }
}
