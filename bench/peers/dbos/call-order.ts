import type { Reducer } from '../node/tree.ts';

/**
 * Leaves and reducers in one fixed order, depth first: a reducer comes right after the last leaf below it. Inputs
 * come before what needs them, and few arrays are alive at a time.
 */
export function callOrder(leaves: number, reducers: readonly Reducer[]): readonly (number | Reducer)[] {
  const lastLeaf = Array.from({ length: leaves }, (_, id) => id);
  const after = new Map<number, Reducer[]>();
  for (const reducer of reducers) {
    const last = lastLeaf[reducer.right] ?? 0;
    lastLeaf[reducer.id] = last;
    after.set(last, [...(after.get(last) ?? []), reducer]);
  }
  return Array.from({ length: leaves }, (_, id) => [id, ...(after.get(id) ?? [])]).flat();
}
