import { EventEmitter } from 'node:events';
import { createReadStream } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { ambient } from '../../src/context/ambient.ts';
import { define } from './define.ts';
import { here, nextTurn, scope } from './contract-tasks.ts';

const module = import.meta.url;

/** Never gives its thread back, and never looks at its signal. */
export const runaway = define(module, 'runaway', () => {
  scope().say('log', { running: true }, undefined);
  for (;;) Math.random();
});

/** Has a thread that is free, and does not care for its signal. */
export const deaf = define(module, 'deaf', () => {
  scope().say('log', { running: true }, undefined);
  return new Promise<void>(() => setInterval(() => {}, 1000));
});

/** The same, as a function that is known to be asynchronous. */
export const deafLater = define(module, 'deaf-later', async () => {
  scope().say('log', { running: true }, undefined);
  await new Promise<void>(() => setInterval(() => {}, 1000));
});

export const waitsForDeaf = define(module, 'waits-for-deaf', () => scope().call(deaf, [], here));

export const exit = define(module, 'exit', (code: number) => process.exit(code));

/** Ends its thread from somewhere deep, in code that catches whatever it can, and marks a flag if it goes on. */
export const exitCaught = define(module, 'exit-caught', async (flag: Int32Array) => {
  await nextTurn();
  try {
    process.exit(5);
  } catch {
    Atomics.add(flag, 0, 1);
  } finally {
    Atomics.add(flag, 0, 1);
  }
  Atomics.add(flag, 0, 1);
});

export const exitsLate = define(module, 'exits-late', async () => {
  await nextTurn();
  process.exit(4);
});

/** Leaves behind a timer that ends its thread. */
export const exitLater = define(module, 'exit-later', () => {
  setTimeout(() => process.exit(6), 1);
  return 'returned';
});

/** Errors that nothing catches, each thrown another way; the task itself returns. */
const left: Readonly<Record<string, () => void>> = {
  timer: () => setTimeout(() => fail('from a timer'), 1),
  immediate: () => setImmediate(() => fail('from an immediate')),
  tick: () => process.nextTick(() => fail('from a tick')),
  microtask: () => queueMicrotask(() => fail('from a microtask')),
  rejection: () => void Promise.reject(new TypeError('from a promise')),
  later: () => void nextTurn().then(() => fail('from a late promise')),
  event: () => {
    const emitter = new EventEmitter();
    setImmediate(() => emitter.emit('error', new TypeError('from an event')));
  },
  file: () => void createReadStream('/there/is/no/such/file'),
  nothing: () =>
    setImmediate(() => {
      const thrown: unknown = undefined;
      throw thrown;
    }),
};

export const leaves = define(module, 'leaves', (...ways: string[]) => {
  for (const way of ways) left[way]?.();
  return ways.length;
});

/** Strays while it is under way, and returns. */
export const straysAndReturns = define(module, 'strays-and-returns', async () => {
  setImmediate(() => fail('while under way'));
  await nextTurn();
  await nextTurn();
  return 'returned';
});

/** Throws where no async context is: an event whose listener was added by nobody's code. */
process.on('sidereal-test' as never, () => fail('of nobody'));
export const emitsForNobody = define(module, 'emits-for-nobody', () => {
  ambient.storage.exit(() => setImmediate(() => process.emit('sidereal-test' as never)));
});

function fail(message: string): never {
  throw new TypeError(message);
}

export const outOfMemory = define(module, 'out-of-memory', () => {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, () => kept.length));
});

export const outOfMemoryLater = define(module, 'out-of-memory-later', async (flag: Int32Array) => {
  while (Atomics.load(flag, 0) === 0) await nextTurn();
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, () => kept.length));
});

/** Stands still, without a turn of the event loop, until another thread writes to the flag. */
export const standStill = define(module, 'stand-still', (flag: Int32Array) => {
  Atomics.store(flag, 1, 1);
  Atomics.notify(flag, 1);
  Atomics.wait(flag, 0, 0);
});

/**
 * Mostly nothing; stands still if it is given a flag, and says so in the flag's second place if it has one. One task,
 * so that a short one turns out long.
 */
export const mostlyShort = define(module, 'mostly-short', (n: number, flag?: Int32Array) => {
  if (flag !== undefined) {
    if (flag.length > 1) Atomics.store(flag, 1, 1);
    Atomics.wait(flag, 0, 0);
  }
  return n;
});

/** Mostly nothing; ends its thread if it is told so. */
export const mostlyHarmless = define(module, 'mostly-harmless', (n: number, code?: number) => {
  if (code !== undefined) process.exit(code);
  return n;
});

/** Ends while the pool is told to stop it. */
export const answersStop = define(module, 'answers-stop', async () => {
  const { signal } = scope();
  scope().say('log', { running: true }, undefined);
  while (!signal.aborted) await nextTurn();
  process.exit(1);
});

/** Leaves behind what keeps its thread alive, and a mark once the thread ends as threads do by themselves. */
export const marksItsEnd = define(module, 'marks-its-end', (flag: Int32Array) => {
  setInterval(() => {}, 1000);
  process.once('exit', () => Atomics.add(flag, 0, 1));
});

/** Where its thread keeps compiled modules, and the variable that told it to. */
export const compileCache = define(module, 'compile-cache', () => [
  getCompileCacheDir(),
  process.env['NODE_COMPILE_CACHE'],
]);
