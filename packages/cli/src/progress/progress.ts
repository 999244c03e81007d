import type { StageSnapshot } from './stage-tree.ts';

/** Shows people how a run goes. */
export interface Progress {
  /** How often it wants to hear of the run, ms. */
  readonly intervalMs: number;
  update(stages: readonly StageSnapshot[], rate: number, nowMs: number): void;
  /** A line of its own: a log entry, a remark. */
  say(line: string): void;
  /** What the last line of a live display says. */
  hint(text: string): void;
  /** Takes down what it has put up. */
  end(): void;
}
