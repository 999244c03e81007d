/** Calls that look alike, made in one order at first and in the other when their flow runs again. */
import { flow, run, task } from '../../../src/index.ts';
import { Sealed } from '../../equivalence/test-fixtures/kinds-of-data.ts';
import { load as loadCopy } from '../../equivalence/test-fixtures/surveys/copy-of-north/lib/index.ts';
import { load as loadNorth } from '../../equivalence/test-fixtures/surveys/north/lib/index.ts';
import { load as loadSouth } from '../../equivalence/test-fixtures/surveys/south/lib/index.ts';

const scaling = (factor: number) => task({ name: 'scaling', on: 'inline' }, (n: number) => n * factor);
const apply = task({ name: 'apply', on: 'inline' }, (fn: (n: number) => number) => fn(10));
const reveal = task({ name: 'reveal', on: 'inline' }, (sealed: Sealed) => sealed.reveal());
const double = task({ name: 'double' }, (n: number) => 2 * n);

export const calls: Readonly<Record<string, (which: 1 | 2) => PromiseLike<unknown>>> = {
  'tasks of one factory': (which) => scaling(which)(10),
  'closures of one text': (which) => apply((n) => n * which),
  'instances with private state': (which) => reveal(new Sealed(which * 10)),
  'tasks of two copies of a package': (which) => (which === 1 ? loadNorth(1) : loadCopy(1)),
  'tasks of one name in equal files': (which) => (which === 1 ? loadNorth(1) : loadSouth(1)),
  'one task with other arguments': (which) => double(which * 5),
};

/** How often the body of `swapped` has begun in this process since it was set to 0. */
export const begun = { times: 0 };

/** Both calls, in turn; the first time it fails at its end. */
export const swapped = flow(
  {
    name: 'swapped',
    input: {
      kind: {
        '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as string }) },
      },
    },
  },
  async ({ kind }) => {
    begun.times += 1;
    const order = begun.times === 1 ? ([1, 2] as const) : ([2, 1] as const);
    const values: unknown[] = [];
    for (const which of order) values[which - 1] = await calls[kind]!(which);
    if (begun.times === 1) throw new Error(`the flow stops in attempt ${run.attempt}`);
    return values;
  },
);
