/**
 * What one measurement runs: a row of the suite with its sizes. A case is given to a system (Sidereal or a
 * peer) as one JSON argument; the system answers with an `Outcome`.
 *
 * Rows:
 * - `tree`: n leaves that sleep U(minSeconds, maxSeconds) and return an array of `mebibytes`; n − 1 reducers that
 *   add adjacent pairs, an odd element carried up. The workload of the RADPS overhead tests.
 * - `noop-map`: n no-op tasks, one map.
 * - `chain`: n no-op tasks, each waiting for the one before.
 * - `fan`: n rounds of: 16 no-op tasks fan out from one and are gathered by one (n × 17 tasks).
 * - `stages`: n sub-flows (stages) of one no-op task each; counted are the tasks, not the sub-flows.
 * - `cold-hello`: a fresh process runs a flow of one task and ends; counted from process start to its end.
 * - `pending`: n calls that wait for one gate, for their memory; asked of Sidereal only.
 */
export type RowName = 'tree' | 'noop-map' | 'chain' | 'fan' | 'stages' | 'cold-hello' | 'pending';

export interface Case {
  readonly row: RowName;
  /** How many leaves, tasks, hops, rounds or stages. */
  readonly n: number;
  /** Sleep of a leaf, uniform between the two, drawn inside the task. Only for `tree`. */
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Size of the array that a leaf returns and a reducer adds, in MiB of float64. Only for `tree`. */
  readonly mebibytes: number;
  /** Slots: `processes` × `threads`. Node systems take threads as their concurrency where they have no threads. */
  readonly processes: number;
  readonly threads: number;
  /** Which of the system's ways to run it, as its `peer.json` names them; absent: its first. */
  readonly variant?: string;
  /** Seeds the draws that the harness makes (the floor); systems draw inside the task, as the seeds do. */
  readonly seed: number;
}
