/**
 * What a system prints as the last line of its stdout after a case: one JSON object. Talk goes to stderr.
 * Times are seconds. Fields that a system cannot know are absent; the harness adds what it measures from
 * outside (peak RSS and CPU seconds of all processes).
 */
export type Outcome = Measured | Unable;

export interface Unable {
  /** Why this system has no such row, in words of its own field: "Airflow caps mapped tasks at …". */
  readonly cannot: string;
}

export interface Measured {
  /** From after the graph is described until its result is in the caller's hands and the run is reported ended. */
  readonly tWorkflow: number;
  /** Part of it until the last task was submitted, where that is a moment of its own. */
  readonly tSubmit?: number;
  /** Sum of the times measured inside the tasks: oversleep, making and adding arrays included. */
  readonly tSumTaskTimes?: number;
  /** Task runs that the system counted as executed; the harness compares it with the case. */
  readonly tasksExecuted: number;
  /** Task runs whose result came from a cache. Any but 0 fails the suite. */
  readonly tasksCached: number;
  /** Sum of the final array's first element: must be n (each leaf returns an array of ones). */
  readonly check?: number;
  /** For systems that record: rows of task runs there in an ended state at the moment the run is reported ended. */
  readonly recordedAtEnd?: number;
  /** How many there should be. */
  readonly recordedExpected?: number;
  /** Seconds from the reported end until all are there in an ended state; 0 when they were. */
  readonly secondsUntilRecorded?: number;
  /** Growth of the record on disk (database, log, store) by this case, in bytes per task run. */
  readonly bytesPerTask?: number;
  /** Resident memory that each call takes which waits for its inputs, in bytes; row `pending`. */
  readonly rssBytesPerTask?: number;
  /** Versions of the system and what it stands on: `{ dask: '2026.7.1', python: '3.11.7' }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** The settings that matter, as the system's documentation names them. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}
