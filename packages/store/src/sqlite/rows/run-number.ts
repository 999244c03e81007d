/**
 * Rows that belong to a run have the integer key `run_no * 2^32 + n`, so that a run is one range of each
 * table. Numbers stay exact in float64 up to run 2^21.
 */
const SPAN = 2 ** 32;

/** Key of part `n` of a run. */
export function partId(runNo: number, n: number): number {
  return runNo * SPAN + n;
}

/** The `n` of a key made by {@link partId}. */
export function partOf(id: number): number {
  return id % SPAN;
}

/** First key of a run, and the first key beyond it. */
export function partRange(runNo: number): readonly [from: number, to: number] {
  return [runNo * SPAN, (runNo + 1) * SPAN];
}
