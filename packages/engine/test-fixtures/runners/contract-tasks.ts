import { ambient } from '../../src/context/ambient.ts';
import type { TaskDefinition } from '../../src/definitions/task-definition.ts';
import type { CallSite, Scope } from '../../src/context/scope.ts';
import { define } from './define.ts';

const module = import.meta.url;

export const add = define(module, 'add', (a: number, b: number) => a + b);
export const addLater = define(module, 'add-later', async (a: number, b: number) => {
  await nextTurn();
  return a + b;
});
export const echo = define(module, 'echo', (value: unknown) => value);
export const thenable = define(module, 'thenable', (value: number) => ({
  then: (resolve: (value: number) => void) => resolve(value),
}));

export class CalibrationError extends Error {
  override readonly name = 'CalibrationError';
  readonly code = 'NO_SOLUTION';
  readonly antenna = 7;
}
export const fail = define(module, 'fail', () => {
  throw new CalibrationError('no solution', { cause: new RangeError('gain is zero') });
});
export const failLater = define(module, 'fail-later', async () => {
  await nextTurn();
  throw new CalibrationError('no solution, later');
});
export const throwValue = define(module, 'throw-value', () => {
  const thrown: unknown = { reason: 'not an error', at: [1, 2] };
  throw thrown;
});

export const say = define(module, 'say', async (count: number) => {
  for (let index = 0; index < count; index++) {
    scope().say('log', { index }, index === 0 ? 'first' : undefined);
    if (index % 3 === 0) await nextTurn();
  }
  return count;
});

export const describeSelf = define(module, 'describe-self', async () => {
  await nextTurn();
  const { runId, key, name, attempt } = scope().info;
  return { runId, key, name, attempt };
});

/** Ends when it is told to stop: by its own error, or with a value. */
export const untilStopped = define(module, 'until-stopped', (then: 'throw' | 'return') => {
  const { signal } = scope();
  scope().say('log', { waiting: true }, undefined);
  return new Promise((resolve, reject) => {
    const stop = (): void =>
      then === 'return' ? resolve(String(signal.reason)) : reject(new Error('an error of its own'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
});

/** Never ends by itself, and never blocks. */
export const forever = define(module, 'forever', () => {
  scope().say('log', { waiting: true }, undefined);
  return new Promise<void>(() => setInterval(() => {}, 1000).unref());
});

export const depth: TaskDefinition = define(module, 'depth', async (levels: number) => {
  if (levels === 0) return 0;
  return 1 + Number(await scope().call(depth, [levels - 1], here));
});

export const sumOfChildren = define(module, 'sum-of-children', async (count: number) => {
  const children = Array.from({ length: count }, (_, index) => scope().call(addLater, [index, 1], here));
  const values = await Promise.all(children);
  return values.reduce((sum: number, value) => sum + Number(value), 0);
});

export const chainOfChildren = define(module, 'chain-of-children', async () => {
  const one = scope().call(add, [1, 0], here);
  const two = scope().call(add, [one, 1], here);
  return scope().call(add, [two, one], here);
});

export const catchChild = define(module, 'catch-child', async () => {
  try {
    await scope().call(failLater, [], here);
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? [error.name, error.message, error.code]
      : 'another error';
  }
});

/** Groups and a loop, with calls inside; one of the groups fails. */
export const opensContainers = define(module, 'opens-containers', async () => {
  const keys: string[] = [];
  const sum = await scope().group('part', async () => {
    keys.push(scope().info.key);
    return scope().call(add, [scope().call(add, [1, 1], here), 1], here);
  });
  const result = await scope().loop('solve', { max: 5 }, async (cycle) => {
    const value = await scope().call(addLater, [cycle.index, 2], here);
    cycle.metric('snr', cycle.index);
    if (cycle.index === 2) cycle.exit('enough');
    return value;
  });
  const failing = scope().group('failing', async () => {
    throw new RangeError('in the group');
  });
  const caught = await Promise.resolve(failing).catch((error: unknown) =>
    error instanceof RangeError ? error.message : 'another error',
  );
  return { sum, keys, result, caught };
});

export const here: CallSite = { overrides: {}, after: [], at: () => undefined };

export function scope(): Scope {
  const current = ambient.storage.getStore();
  if (current === undefined) throw new Error('no scope');
  return current;
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
