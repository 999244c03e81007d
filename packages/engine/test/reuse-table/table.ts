/**
 * How often the items of a container and its consumer are executed when a run is gone on with, by hand: "1·0" says that
 * one item is and the consumer is not. The table of docs/reuse.md says the same, and is checked against this one.
 *
 * Three items, the middle one of which fails, is lost or is called no more; a consumer of the container as a whole.
 */
export const VERBS = ['resume', 'retry', 'retry --from', 'later attempt'] as const;
export type Verb = (typeof VERBS)[number];

export const CONTAINERS = ['map', 'reduce', 'group', 'loop', 'stage', 'settled', 'after'] as const;
export type Container = (typeof CONTAINERS)[number];

export const CASES = ['unchanged', 'mended', 'recomputed', 'removed'] as const;
export type Case = (typeof CASES)[number];

/** Of each container and case, in the order of {@link VERBS}. `retry --failed` is `retry`. */
export const EXPECTED: Readonly<Record<Container, Readonly<Record<Case, readonly string[]>>>> = {
  map: {
    unchanged: ['0·0', '0·0', '3·1', '0·0'],
    mended: ['0·0', '1·1', '3·1', '1·1'],
    recomputed: ['1·0', '1·0', '3·1', '0·0'],
    removed: ['0·1', '0·1', '2·1', '0·1'],
  },
  // `--from` names the reduce: its items are not in it. It lets go of an item once that is combined, so a large one that
  // is wanted afterwards is computed again, once more where the reduce itself needed it.
  reduce: {
    unchanged: ['0·0', '0·0', '0·1', '0·0'],
    mended: ['0·0', '1·1', '1·1', '1·1'],
    recomputed: ['1·0', '1·0', '2·1', '1·0'],
    removed: ['0·1', '0·1', '0·1', '0·1'],
  },
  // The code of a group runs again, and asks for the values of its items; a large one is held until the group has ended.
  group: {
    unchanged: ['0·0', '0·0', '3·1', '0·0'],
    mended: ['0·0', '1·1', '3·1', '1·1'],
    recomputed: ['1·0', '1·0', '3·1', '1·0'],
    removed: ['0·1', '0·1', '2·1', '0·1'],
  },
  // The loop ended at its failure: the third item is executed for the first time.
  loop: {
    unchanged: ['0·0', '0·0', '3·1', '0·0'],
    mended: ['0·0', '2·1', '3·1', '2·1'],
    recomputed: ['1·0', '1·0', '3·1', '1·0'],
    removed: ['0·1', '0·1', '2·1', '0·1'],
  },
  // A stage that has completed is kept whole: its code does not run, and nothing in it is asked for.
  stage: {
    unchanged: ['0·0', '0·0', '3·1', '0·0'],
    mended: ['0·0', '1·1', '3·1', '1·1'],
    recomputed: ['0·0', '0·0', '3·1', '0·0'],
    removed: ['0·0', '0·0', '2·1', '0·0'],
  },
  settled: {
    unchanged: ['0·0', '0·0', '3·1', '0·0'],
    mended: ['0·0', '1·1', '3·1', '1·1'],
    recomputed: ['1·0', '1·0', '3·1', '0·0'],
    removed: ['0·1', '0·1', '2·1', '0·1'],
  },
  // Order without data counts where work is chosen to run again.
  after: {
    unchanged: ['0·0', '0·0', '3·1', '0·0'],
    mended: ['0·0', '1·1', '3·1', '1·1'],
    recomputed: ['1·0', '1·0', '3·1', '0·0'],
    removed: ['0·0', '0·1', '2·1', '0·0'],
  },
};
