/** What a call is known by: factories, closures, equal names, and identities that authors give. */
import { flow, task } from '../../../src/index.ts';
import { codeOf } from './anything.ts';
import { double, later } from './arithmetic.ts';
import { load as loadNorth } from './surveys/north/lib/index.ts';
import { load as loadSouth } from './surveys/south/lib/index.ts';
import { Sealed } from './kinds-of-data.ts';

/** Every call makes a task of the same name at the same line, which knows its factor by closure alone. */
const scaling = (factor: number, options: object = {}) =>
  task({ name: 'scaling', on: 'inline' as const, ...options }, (n: number) => n * factor);
const apply = task({ name: 'apply', on: 'inline' }, (fn: (n: number) => number) => fn(10));
const reveal = task({ name: 'reveal', on: 'inline' }, (sealed: Sealed) => sealed.reveal());
const strictApply = task(
  { name: 'strict-apply', on: 'inline', durability: 'strict' },
  (fn: (n: number) => number) => fn(10),
);

/** Branches that get to their call in the order of their waits, and in another one once the waits are recorded. */
async function branches(call: (branch: number) => PromiseLike<unknown>): Promise<unknown> {
  const branch = async (i: number): Promise<unknown> => {
    await later.with({ key: `wait ${i}` })(i);
    if (i === 0) await later.with({ key: 'wait more' })(i);
    return [i, await call(i)];
  };
  return Promise.all([branch(0), branch(1), branch(2)]);
}

export const factory = flow({ name: 'factory' }, async () => branches((i) => scaling(i + 1)(10)));
export const factoryWithKey = flow({ name: 'factory-with-key' }, async () =>
  branches((i) => scaling(i + 1).with({ key: `branch ${i}` })(10)),
);
export const factoryWithIdentity = flow({ name: 'factory-with-identity' }, async () =>
  branches((i) => scaling(i + 1, { identity: `scaling by ${i + 1}` })(10)),
);
export const closureArgument = flow({ name: 'closure-argument' }, async () =>
  branches((i) => apply((n) => n * (i + 1))),
);
export const privateArgument = flow({ name: 'private-argument' }, async () =>
  branches((i) => reveal(new Sealed(i))),
);
export const equalCalls = flow({ name: 'equal-calls' }, async () => branches(() => double(5)));
export const equalTexts = flow({ name: 'equal-texts' }, async () => [await loadNorth(1), await loadSouth(1)]);
export const strictFactory = flow({ name: 'strict-factory' }, async () =>
  codeOf(() => scaling(2, { durability: 'strict' })(10)),
);
export const strictFactoryWithKey = flow({ name: 'strict-factory-with-key' }, async () =>
  scaling(2, { durability: 'strict' }).with({ key: 'by two' })(10),
);
export const strictClosure = flow({ name: 'strict-closure' }, async () =>
  codeOf(() => strictApply((n) => n + 1)),
);
export const strictClosureWithKey = flow({ name: 'strict-closure-with-key' }, async () =>
  strictApply.with({ key: 'adds one' })((n) => n + 1),
);
