/** Attempts that the engine ends, that end their process, or that throw what cannot be read. */
import { flow, run, settled, task } from '../../../src/index.ts';
import { double } from './arithmetic.ts';

/** State and code of an outcome. */
async function endOf(future: PromiseLike<unknown>): Promise<readonly unknown[]> {
  const { state, error } = await settled(future as never);
  return [state, (error as { code?: string } | undefined)?.code];
}

const never = async (): Promise<never> => new Promise<never>(() => {});

const neverEnds = task({ name: 'never-ends', timeout: 20 }, never);
export const timesOut = flow({ name: 'times-out' }, async () => endOf(neverEnds()));

const neverTwice = task({ name: 'never-twice', timeout: 10, retries: 1 }, async (n: number) =>
  run.attempt === 1 ? never() : n,
);
export const timesOutOnce = flow({ name: 'times-out-once' }, async () => double(neverTwice(3)));

const throwsHostile = task({ name: 'throws-hostile' }, (): number => {
  throw new Proxy(
    {},
    {
      get() {
        throw new Error('not to be read');
      },
    },
  );
});
const throwsUntellable = task({ name: 'throws-untellable' }, (): number => {
  throw {
    get message(): string {
      throw new Error('not to be read');
    },
    toString(): string {
      throw new Error('not to be told');
    },
  };
});
export const thrownHostile = flow({ name: 'thrown-hostile' }, async () => {
  const outcomes = [await settled(throwsHostile()), await settled(throwsUntellable())];
  return outcomes.map(({ state, error }) => [state, error instanceof Error, typeof error?.message]);
});

const exits = task({ name: 'exits', on: 'threads' }, (n: number): number => {
  if (n > 1) process.exit(n);
  return n;
});
export const exitsOnThread = flow({ name: 'exits-on-thread' }, async () => [
  await endOf(exits(1)),
  await endOf(exits(2)),
]);
