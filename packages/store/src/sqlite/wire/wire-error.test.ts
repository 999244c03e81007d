import { SiderealError } from '@sidereal/core';
import { expect, test } from 'vitest';
import { fromWire, toWire } from './wire-error.ts';

test('an error of ours crosses with code, remedy, stack and causes', () => {
  const cause = new Error('no space', { cause: new TypeError('beneath') });
  const error = new SiderealError('STORE_FULL', 'it is full', { remedy: 'Free space.', cause });
  const crossed = fromWire(structuredClone(toWire(error)));
  expect(crossed).toBeInstanceOf(SiderealError);
  expect(crossed).toMatchObject({
    code: 'STORE_FULL',
    message: 'it is full',
    remedy: 'Free space.',
    stack: error.stack,
    cause: { message: 'no space', cause: { message: 'beneath' } },
  });
});

test('anything else crosses with its words', () => {
  expect(fromWire(toWire(new RangeError('out of it')))).toMatchObject({ message: 'out of it' });
  expect(fromWire(toWire('only a string'))).toMatchObject({ message: 'only a string' });
});
