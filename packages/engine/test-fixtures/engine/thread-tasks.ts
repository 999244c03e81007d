/** Tasks that tests run on worker threads: at module level, where a thread finds them. */
import { eachSettled, group, run, settled, task } from '../../src/index.ts';

export const add = task({ name: 'add' }, (a: number, b: number) => a + b);
export const addLater = task({ name: 'add-later' }, async (a: number, b: number) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return a + b;
});
export const fail = task({ name: 'fail' }, (message: string): number => {
  throw new RangeError(message);
});

/** Never ends, and hears nothing. */
export const spin = task({ name: 'spin' }, (): number => {
  for (;;);
});
/** The same, once it has said that it has begun. */
export const saysAndSpins = task({ name: 'says-and-spins' }, (): number => {
  run.log('spins');
  for (;;);
});
/** Says that it has begun, works for a while, and waits for what it calls. */
export const beginsAndCalls = task({ name: 'begins-and-calls' }, async (): Promise<number> => {
  run.log('begins');
  const end = performance.now() + 200;
  while (performance.now() < end);
  return await add(1, 2);
});
/** Never ends, hears nothing, and holds no thread. */
export const never = task(
  { name: 'never' },
  async (_item?: number): Promise<number> => new Promise(() => undefined),
);
export const neverInGroup = task({ name: 'never-in-group', timeout: 60 }, async () =>
  group('deaf', () => new Promise<number>(() => undefined)),
);
export const answersStop = task({ name: 'answers-stop', timeout: 60 }, async (): Promise<string> => {
  return new Promise((resolve) => {
    run.signal.addEventListener('abort', () => resolve('what there is so far'));
  });
});
/** Never ends the first time. */
export const spinOnce = task({ name: 'spin-once', retries: 1, timeout: 500 }, (): number => {
  while (run.attempt === 1);
  return run.attempt;
});
/** Ends when it is told to, the first time. */
export const untilStoppedOnce = task({ name: 'until-stopped-once' }, async (n: number): Promise<number> => {
  if (run.attempt > 1) return n;
  return new Promise((_, reject) => {
    run.signal.addEventListener('abort', () => reject(run.signal.reason));
  });
});
/** Ends when it is told to. */
export const untilStopped = task({ name: 'until-stopped' }, async (): Promise<number> => {
  return new Promise((_, reject) => {
    run.signal.addEventListener('abort', () => reject(run.signal.reason));
  });
});

export const depth = task({ name: 'depth' }, async (levels: number): Promise<number> => {
  if (levels === 0) return 0;
  return 1 + (await depth(levels - 1));
});
export const fanOut = task({ name: 'fan-out' }, async (width: number, levels: number): Promise<number> => {
  if (levels === 0) return 1;
  const children = Array.from({ length: width }, () => fanOut(width, levels - 1));
  const counts = await Promise.all(children);
  return counts.reduce((a, b) => a + b, 0);
});
export const callsInTurn = task({ name: 'calls-in-turn' }, async (n: number): Promise<number[]> => {
  const squares = add.map([1, 2, n], (item) => [item, 10]);
  const outcome = await settled(fail('no'));
  return [...(await squares), outcome.error === undefined ? 0 : 1, await addLater(n, n)];
});
export const failOdd = task({ name: 'fail-odd' }, (n: number): number => {
  if (n % 2 === 1) throw new RangeError(`${n} is odd`);
  return n;
});
export const eachOutcome = task({ name: 'each-outcome' }, async (count: number): Promise<unknown[]> => {
  const outcomes = await eachSettled(failOdd.map(Array.from({ length: count }, (_, n) => n)));
  return outcomes.map(({ value, error }) => value ?? error?.message);
});
/** These return a call instead of awaiting it. */
export const passDown = task({ name: 'pass-down' }, (levels: number): PromiseLike<number> =>
  levels === 0 ? addLater(1, 2) : passDown(levels - 1),
);
export const passLater = task({ name: 'pass-later' }, async (levels: number): Promise<number> => {
  await Promise.resolve();
  return passDown(levels);
});
export const passList = task({ name: 'pass-list' }, () => add.map([1, 2], (n) => [n, n + 1]));
export const leaves = task({ name: 'leaves' }, (): void => {
  addLater(1, 2);
});
export const makeArray = task({ name: 'make-array' }, (length: number) => new Float64Array(length).fill(1));
export const sumArray = task({ name: 'sum-array' }, (array: Float64Array) =>
  array.reduce((a, b) => a + b, 0),
);
export const sayAll = task({ name: 'say-all' }, async () => {
  run.log.warn('careful', { spw: 3 });
  run.progress(1, 2, 'half');
  return [run.name, run.key, run.id, run.attempt, run.idempotencyKey] as const;
});
export const giveFunction = task({ name: 'give-function' }, () => ({ apply: () => 1 }));
export const takeAnything = task({ name: 'take-anything' }, (value: unknown) => typeof value);
