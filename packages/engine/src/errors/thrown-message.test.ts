import { expect, it } from 'vitest';
import { thrownMessage } from './thrown-message.ts';

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error('no');
    },
    getPrototypeOf() {
      throw new Error('neither');
    },
  },
);

it.each<[unknown, string]>([
  [new TypeError('off'), 'off'],
  ['words', 'words'],
  ['', ''],
  [undefined, 'undefined'],
  [null, 'null'],
  [5n, '5n'],
  [Symbol('s'), 'Symbol(s)'],
  [{ status: 404 }, '{ status: 404 }'],
  [Object.create(null), '[Object: null prototype] {}'],
  [
    {
      toString: () => {
        throw new Error('no');
      },
    },
    '{ toString: [Function: toString] }',
  ],
  [hostile, 'something that cannot be shown'],
])('anything thrown has words: %#', (thrown, words) => {
  expect(thrownMessage(thrown)).toBe(words);
});
