import { NODE_KIND_CODE } from '../journal/codes/node-kind.ts';
import { nodesAt } from '../journal/elements/node-list.ts';
import type { RecordedNodes } from '../journal/journal-store.ts';

/**
 * What nodes in a stage, or in a task that calls tasks, consume from outside of it: futures that it was given and did not
 * wait for, or that its code has captured. By its number.
 */
export function passedOn(nodes: RecordedNodes): ReadonlyMap<number, readonly number[]> {
  const inputs = new Map<number, number[]>();
  for (let idx = 1; idx < nodes.count; idx += 1) {
    for (const input of nodesAt(nodes.upstream, idx)) {
      for (
        let up = nodes.parents[idx] ?? 0;
        up > 0 && !liesIn(nodes, input, up);
        up = nodes.parents[up] ?? 0
      ) {
        if (nodes.kinds[up] !== NODE_KIND_CODE.stage && nodes.kinds[up] !== NODE_KIND_CODE.task) continue;
        const known = inputs.get(up);
        if (known === undefined) inputs.set(up, [input]);
        else known.push(input);
      }
    }
  }
  return inputs;
}

/** Parents have lower numbers than their children. */
function liesIn({ parents }: RecordedNodes, idx: number, holder: number): boolean {
  let at = idx;
  while (at > holder) at = parents[at] ?? 0;
  return at === holder;
}
