/**
 * Shape of the row `tree`: leaves 0 … n − 1, reducers n … 2n − 2. A level adds adjacent pairs; an odd element is
 * carried up. The last reducer is the root.
 */
export interface Reducer {
  readonly id: number;
  readonly left: number;
  readonly right: number;
  /** Levels above the leaves; a carried element counts the level at which it is added. */
  readonly level: number;
}

export function reducersOf(leaves: number): readonly Reducer[] {
  const reducers: Reducer[] = [];
  let row = Array.from({ length: leaves }, (_, id) => id);
  let next = leaves;
  for (let level = 1; row.length > 1; level += 1) {
    const above: number[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left === undefined) break;
      if (right === undefined) {
        above.push(left);
        break;
      }
      reducers.push({ id: next, left, right, level });
      above.push(next);
      next += 1;
    }
    row = above;
  }
  return reducers;
}
