/** One kind of task run whose cost is measured. */
export interface CostCase {
  readonly runner: 'inline' | 'threads';
  /** Size of each argument; 0: a number. */
  readonly bytes: number;
  /** Task runs before those that count. */
  readonly warmUp: number;
  /** Task runs that count. */
  readonly tasks: number;
}

/** Task runs before those that count, unless told otherwise: V8 compiles on its own threads for about so long. */
export const WARM_UP = 20_000;

export const costCases: readonly Omit<CostCase, 'warmUp'>[] = [
  { runner: 'inline', bytes: 0, tasks: 60_000 },
  { runner: 'inline', bytes: 1024, tasks: 40_000 },
  { runner: 'threads', bytes: 0, tasks: 40_000 },
  { runner: 'threads', bytes: 1024, tasks: 20_000 },
];

export function caseTitle({ runner, bytes }: Pick<CostCase, 'runner' | 'bytes'>): string {
  return `${runner}, ${bytes === 0 ? 'no-op' : `arguments of ${bytes / 1024} KiB`}`;
}
