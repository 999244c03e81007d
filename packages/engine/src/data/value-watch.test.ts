import { describe, expect, test } from 'vitest';
import { bytesDigest } from './digest.ts';
import { shared } from './shared-values.ts';
import { ArraySnapshots } from './snapshots.ts';
import { ValueIdentity } from './value-identity.ts';
import { ValueWatch } from './value-watch.ts';

const identity = new ValueIdentity(new ArraySnapshots(bytesDigest));
const watchOf = (): ValueWatch => new ValueWatch((value) => identity.currentText(value));

describe('a watch on values', () => {
  test('names all that read a value since it was last whole', () => {
    const watch = watchOf();
    const array = shared(new Float64Array(100_000));
    watch.give(array, 'calibrate');
    watch.give(array, 'grid[1]');
    watch.give(array, 'grid[2]');
    array[99_999] = 1;
    expect(() => watch.give(array, 'image')).toThrow(
      expect.objectContaining({
        code: 'SHARED_VALUE_CHANGED',
        message: expect.stringMatching(/at image .*by grid\[2\]\)/),
      }),
    );
  });

  test('keeps several readers that run at once', () => {
    const watch = watchOf();
    const value = { rows: [1, 2] };
    watch.give(value, 'a');
    watch.join(value, 'b');
    value.rows.push(3);
    expect(() => watch.check(value, 'b')).toThrow(/by a, b\)/);
  });

  test('is content with what has not changed, and tells when the flow itself did', () => {
    const watch = watchOf();
    const value = { rows: [1, 2] };
    watch.check(value, 'the call of a');
    value.rows.push(3);
    expect(() => watch.give(value, 'a')).toThrow(/the flow itself changed it/);
    const other = { rows: [1] };
    watch.give(other, 'a');
    watch.check(other, 'a');
    watch.give(other, 'b');
  });
});
