import { existsSync } from 'node:fs';
import { flow, run, task } from '@sidereal/engine';

/** Fails for some items until the file that FAILING_MENDED names exists. */
const measure = task({ name: 'measure', retries: 1 }, (n: number) => {
  const mended = process.env['FAILING_MENDED'] ?? '';
  run.log.warn(`measuring ${n}`);
  if (n % 3 === 0 && !existsSync(mended)) {
    throw new Error(`no signal in channel ${n}`, { cause: new RangeError('the correlator was off') });
  }
  return n;
});
const publish = task(
  { name: 'publish', tags: ['archive', 'last step'] },
  (values: readonly number[]) => values.length,
);

export const failing = flow({ name: 'failing' }, async () => publish(measure.map([1, 2, 3, 4, 5, 6])));
