/** The tasks of the campaign: each leaves its lines in the ledger. What stands for a failed part is `null`, which every task carries on. */
import { run, skip, task } from 'sidereal';
import { digestOf, errand, write } from './ledger.ts';

/** A number, or what stands for it where something has failed. */
export type Part = number | null;

const nap = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The body of a task, with its lines: one when it begins, one when it has ended well. */
function told<Args extends readonly [n: Part, ...rest: unknown[]], T>(
  name: string,
  body: (...args: Args) => T | PromiseLike<T>,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    const line = { what: `${name} ${args[0]}`, given: digestOf(args) };
    write({ ...line, phase: 'begin', gave: '' });
    const value = await body(...args);
    write({ ...line, phase: 'end', gave: digestOf(value) });
    return value;
  };
}

/** The same of a task that never lets go of its thread. */
function toldAtOnce<Args extends readonly [n: Part, ...rest: unknown[]], T>(
  name: string,
  body: (...args: Args) => T,
): (...args: Args) => T {
  return (...args) => {
    const line = { what: `${name} ${args[0]}`, given: digestOf(args) };
    write({ ...line, phase: 'begin', gave: '' });
    const value = body(...args);
    write({ ...line, phase: 'end', gave: digestOf(value) });
    return value;
  };
}

/** Makes the effect that must never be made twice. */
function effect(name: string, n: Part): void {
  write({ phase: 'effect', what: `${name} ${n}`, given: '', gave: '' });
}

/** The caller of a strict task tells that it has got its value. */
export function seen<T extends Part>(name: string, n: number, value: T): T {
  if (value !== null) write({ phase: 'seen', what: `${name} ${n}`, given: '', gave: digestOf(value) });
  return value;
}

function plus(...parts: readonly Part[]): Part {
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return sum;
}

export const double = task(
  { name: 'double' },
  told('double', async (n: number, ms: number) => {
    await nap(ms);
    return 2 * n;
  }),
);

export const add = task(
  { name: 'add' },
  toldAtOnce('add', (a: Part, b: Part) => plus(a, b)),
);

export const spin = task(
  { name: 'spin', on: 'threads' },
  toldAtOnce('spin', (n: number) => {
    const until = performance.now() + 3;
    while (performance.now() < until);
    return n + 1;
  }),
);

/** Its value lies in a file. */
export const big = task(
  { name: 'big', persist: true },
  told('big', async (n: number) => {
    await nap(2);
    return new Float64Array(20_000).fill(n);
  }),
);

/** Its value is too large for the record: who needs it once it has gone has it made again. */
export const fleeting = task(
  { name: 'fleeting' },
  toldAtOnce('fleeting', (n: number) => new Float64Array(20_000).fill(n)),
);

export const mean = task(
  { name: 'mean' },
  toldAtOnce(
    'mean',
    (n: number, array: Float64Array) => n + array.reduce((sum, x) => sum + x, 0) / array.length,
  ),
);

/** Strict, and consumes whatever the record has to give it. */
export const pay = task(
  { name: 'pay', durability: 'strict' },
  told('pay', async (n: number, consumed: Part | Float64Array) => {
    await nap(2);
    effect('pay', n);
    await nap(2);
    return plus(n, consumed instanceof Float64Array ? (consumed[0] ?? 0) : consumed);
  }),
);

export const payOnThread = task(
  { name: 'pay-on-thread', durability: 'strict', on: 'threads' },
  toldAtOnce('pay-on-thread', (n: number, consumed: Part) => {
    effect('pay-on-thread', n);
    return plus(n, consumed);
  }),
);

/** Doing it twice is harmless. */
export const post = task(
  { name: 'post', durability: 'strict', onUnknown: 'rerun' },
  told('post', async (n: number, consumed: Part) => {
    effect('post', n);
    await nap(3);
    return plus(n, consumed);
  }),
);

/** Fails once. */
export const flaky = task(
  { name: 'flaky', retries: 2 },
  told('flaky', (n: number) => {
    if (run.attempt === 1) throw new Error('first attempts fail');
    return n;
  }),
);

/** Every third fails until it is mended. */
export const fragile = task(
  { name: 'fragile' },
  told('fragile', async (n: number) => {
    await nap(1);
    if (n % 3 === 0 && !errand.isMended) throw new RangeError(`${n} cannot be read`);
    return n;
  }),
);

export const odd = task(
  { name: 'odd' },
  toldAtOnce('odd', (n: number): number => (n % 2 === 0 ? skip('even') : n)),
);

export const count = task({ name: 'count' }, async (n: number, parts: unknown) => {
  write({ phase: 'begin', what: `count ${n}`, given: '~', gave: '' });
  await nap(1);
  const { value } = parts as { value?: readonly number[] };
  return value === undefined ? null : n + value.length;
});

/** Calls tasks, strict ones among them. */
export const calls = task(
  { name: 'calls' },
  told('calls', async (n: number, on: 'inline' | 'threads') => {
    const [a, b] = [double.with({ on })(n, 3), double.with({ on: 'inline' })(n + 1, 1)];
    return plus(await a, await b, seen('pay', n + 2, await pay.with({ on: 'inline' })(n + 2, a as never)));
  }),
);

/** Calls one that calls, and gives what the record does not keep. */
export const callsDeeply = task(
  { name: 'calls-deeply' },
  told('calls-deeply', async (n: number, on: 'inline' | 'threads') => {
    const inner = await calls.with({ on: on === 'inline' ? 'threads' : 'inline' })(n + 3, on);
    const more = await double.map([n, n + 1, n + 2], (item) => [item, 1]);
    return new Float64Array(20_000).fill(inner === null ? Number.NaN : inner + more.length);
  }),
);
