/** One kind of task run whose cost is measured. */
export interface CostCase {
  readonly runner: 'inline' | 'threads';
  /** Size of each argument; 0: a number. */
  readonly bytes: number;
  /** Task runs that count. */
  readonly tasks: number;
}

export const costCases: readonly CostCase[] = [
  { runner: 'inline', bytes: 0, tasks: 40_000 },
  { runner: 'inline', bytes: 1024, tasks: 20_000 },
  { runner: 'threads', bytes: 0, tasks: 20_000 },
  { runner: 'threads', bytes: 1024, tasks: 10_000 },
];

export function caseTitle({ runner, bytes }: CostCase): string {
  return `${runner}, ${bytes === 0 ? 'no-op' : `arguments of ${bytes / 1024} KiB`}`;
}
