import { run } from '../../src/authoring/run.ts';
import { task } from '../../src/authoring/task.ts';

/** Returns, and leaves behind as many errors as it is told, one after another. */
export const leavesErrors = task({ name: 'leaves-errors' }, (count: number) => {
  for (let n = 1; n <= count; n += 1)
    setImmediate(() => {
      throw new RangeError(`left behind ${n}`);
    });
  return count;
});

export const innocent = task({ name: 'innocent' }, async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return run.attempt;
});

/** Ends its thread at its first attempt. */
export const exitsOnce = task({ name: 'exits-once' }, () => {
  if (run.attempt === 1) process.exit(3);
  return run.attempt;
});
