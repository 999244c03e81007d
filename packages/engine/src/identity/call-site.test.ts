import { expect, test } from 'vitest';
import { userCallSite } from './call-site.ts';

const here = import.meta.filename;

test('a call site is the line of the caller, as it was written', () => {
  const line = 1 + Number(/call-site\.test\.ts:(\d+)/.exec(new Error('here').stack ?? '')?.[1]);
  expect(userCallSite()?.at).toMatch(new RegExp(`^${here}:${line}:\\d+$`));
});

test('whatever formats stacks, a call site is found', () => {
  const { prepareStackTrace } = Error;
  try {
    for (const format of [() => 'nothing', () => undefined, (_: Error, frames: unknown) => frames, refuse]) {
      Error.prepareStackTrace = format;
      expect(userCallSite()).toMatchObject({
        module: new URL(import.meta.url).href,
        at: expect.stringMatching(/call-site\.test\.ts:\d+:\d+$/),
      });
    }
  } finally {
    Error.prepareStackTrace = prepareStackTrace as NonNullable<typeof prepareStackTrace>;
  }
});

test('it is found however deep this package is in itself', () => {
  const deep = (levels: number): unknown => (levels === 0 ? userCallSite()?.functionName : deep(levels - 1));
  expect(deep(50)).toBe('deep');
});

function refuse(): never {
  throw new RangeError('stacks are not formatted here');
}
