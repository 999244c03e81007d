/** The rows as nodes of the join table. */
import { join } from 'node:path';
import type { Case } from '../../suite/case.ts';
import { reducersOf } from '../node/tree.ts';

export interface GraphNode {
  readonly id: number;
  readonly task: 'leaf' | 'reduce' | 'hop';
  readonly payload: object;
  readonly dependents: readonly number[];
  readonly waiting: number;
}

const FAN = 16;

export function tree(of: Case, folder: string): GraphNode[] {
  const { minSeconds, maxSeconds, mebibytes } = of;
  const reducers = reducersOf(of.n);
  const parents = new Map(
    reducers.flatMap(({ id, left, right }) => [[left, id] as const, [right, id] as const]),
  );
  const node = (id: number, task: GraphNode['task'], more: object, waiting: number): GraphNode => {
    const parent = parents.get(id);
    return {
      id,
      task,
      payload: { path: join(folder, String(id)), ...more },
      dependents: parent === undefined ? [] : [parent],
      waiting,
    };
  };
  return [
    ...Array.from({ length: of.n }, (_, id) =>
      node(id, 'leaf', { leaf: { minSeconds, maxSeconds, mebibytes } }, 0),
    ),
    ...reducers.map(({ id }) => node(id, 'reduce', {}, 2)),
  ];
}

export function chain(hops: number): GraphNode[] {
  return Array.from({ length: hops }, (_, id) => ({
    id,
    task: 'hop',
    payload: {},
    dependents: id + 1 < hops ? [id + 1] : [],
    waiting: id === 0 ? 0 : 1,
  }));
}

/** Of a round: sixteen nodes that wait for the one which gathered before, and the one that gathers them. */
export function fan(rounds: number): GraphNode[] {
  const size = FAN + 1;
  return Array.from({ length: rounds }, (_, round): GraphNode[] => {
    const first = round * size;
    const gather = first + FAN;
    const isLast = round + 1 === rounds;
    const sixteen = (start: number): number[] => Array.from({ length: FAN }, (__, at) => start + at);
    return [
      ...sixteen(first).map((id): GraphNode => ({
        id,
        task: 'hop',
        payload: {},
        dependents: [gather],
        waiting: round === 0 ? 0 : 1,
      })),
      {
        id: gather,
        task: 'hop',
        payload: {},
        dependents: isLast ? [] : sixteen(gather + 1),
        waiting: FAN,
      },
    ];
  }).flat();
}
