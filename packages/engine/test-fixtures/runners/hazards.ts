import { getCompileCacheDir } from 'node:module';
import { SiderealError } from '@sidereal/core/errors';
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

export const waitsForDeaf = define(module, 'waits-for-deaf', () => scope().call(deaf, [], here));

export const exit = define(module, 'exit', (code: number) => process.exit(code));

export const strayThrow = define(module, 'stray-throw', async () => {
  setImmediate(() => {
    throw new TypeError('nobody catches this');
  });
  await new Promise<void>(() => setInterval(() => {}, 1000));
});

/** As a module does that calls a flow some time after its import. */
export const strayFlow = define(module, 'stray-flow', async () => {
  setImmediate(() => {
    throw new SiderealError('FLOW_CALLED_ON_IMPORT', 'a flow is called', {
      remedy: 'Do not.',
      at: 'a.ts:1:1',
    });
  });
  await new Promise<void>(() => setInterval(() => {}, 1000));
});

export const strayRejection = define(module, 'stray-rejection', async () => {
  void Promise.reject(new TypeError('nobody awaits this'));
  await new Promise<void>(() => setInterval(() => {}, 1000));
});

export const outOfMemory = define(module, 'out-of-memory', () => {
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
