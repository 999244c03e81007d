import { isSiderealError, SiderealError } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { thrownOf } from './error-record.ts';
import { errorOf, errorRecord } from './journal-error.ts';

/** Through the journal and back. */
function kept(thrown: unknown): unknown {
  const text = JSON.stringify(errorRecord(thrown));
  return thrownOf(JSON.parse(text) as ReturnType<typeof errorRecord>);
}

class GainError extends TypeError {
  override readonly name = 'GainError';
  readonly code = 'NO_GAIN';
  readonly antennas = [1, 2];
  readonly when = { spw: 3, flagged: true };
  readonly solve = (): void => {};
  readonly model = new Map([[1, 2]]);
}

describe('an error from the journal', () => {
  it('has its name, code, message, stack, causes and plain properties, and is of its class of the language', () => {
    const error = new GainError('gain is zero', { cause: new RangeError('0') });
    const again = kept(error);
    expect(again).toBeInstanceOf(TypeError);
    expect(again).toMatchObject({
      name: 'GainError',
      code: 'NO_GAIN',
      message: 'gain is zero',
      antennas: [1, 2],
      when: { spw: 3, flagged: true },
      stack: error.stack,
      cause: { name: 'RangeError', message: '0' },
    });
    expect(again).toHaveProperty('cause', expect.any(RangeError));
    for (const lost of ['solve', 'model']) expect(again).not.toHaveProperty(lost);
  });

  it('is coded as it was, with its remedy and line', () => {
    const error = new SiderealError('NO_DATA', 'empty', { remedy: 'Look.', at: 'a.ts:1:2' });
    const again = kept(error);
    expect(isSiderealError(again, 'NO_DATA')).toBe(true);
    expect(again).toMatchObject({ remedy: 'Look.', at: 'a.ts:1:2', stack: error.stack });
  });

  it('may be a group, also under a name of its own, or one that says it was aborted', () => {
    const group = new AggregateError([new RangeError('one'), 'two'], 'both');
    group.name = 'AllFailed';
    expect(kept(group)).toBeInstanceOf(AggregateError);
    expect(kept(group)).toMatchObject({ name: 'AllFailed', errors: [{ message: 'one' }, 'two'] });
    const aborted = kept(new DOMException('stopped', 'AbortError'));
    expect(aborted).toBeInstanceOf(DOMException);
    expect(aborted).toMatchObject({ name: 'AbortError', message: 'stopped' });
  });

  it('may be a system’s, with its numbers', () => {
    const error = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', errno: -2, path: '/x' });
    expect(kept(error)).toMatchObject({ code: 'ENOENT', errno: -2, path: '/x' });
    expect(kept(Object.assign(new Error('exit'), { code: 3 }))).toHaveProperty('code', 3);
  });

  it('may be anything that was thrown, as far as JSON says it', () => {
    for (const thrown of ['text', 5, null, { status: 404 }, [1]]) expect(kept(thrown)).toEqual(thrown);
    expect(errorRecord({ status: 404 })).toMatchObject({ name: 'Thrown', message: '{ status: 404 }' });
    expect(errorOf(errorRecord('text'))).toMatchObject({ message: 'text' });
    expect(kept(new Map([[1, 2]]))).toMatchObject({ name: 'Thrown' });
  });

  it('is bounded, however deep, wide or long', () => {
    const round: Error & { self?: unknown } = new Error('x'.repeat(50_000));
    round.cause = round;
    round.self = { deep: { deeper: { deepest: { bottom: { abyss: 1 } } } } };
    const wide = new AggregateError(Array.from({ length: 100 }, () => new Error('one')));
    Object.assign(wide, { list: Array.from({ length: 1000 }, () => 1), text: 'y'.repeat(20_000) });
    expect(JSON.stringify(errorRecord(round)).length).toBeLessThan(200_000);
    expect(errorRecord(round).fields).toBeUndefined();
    expect(errorRecord(wide).errors).toHaveLength(10);
    expect(errorRecord(wide).fields).toBeUndefined();
  });
});
