import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { hasPrivateState } from './private-state.ts';

type Constructor = (...args: never) => unknown;

/** A class from its text, as compilers write it. */
function classFrom(source: string): Constructor {
  return runInThisContext(`(${source})`) as Constructor;
}

describe('hasPrivateState', () => {
  test.each([
    ['a private field', 'class { #x = 1; }'],
    ['one without a value', 'class { #x; constructor() { this.#x = 1; } }'],
    ['a private method', 'class { #help() {} }'],
    ['a private getter', 'class { get #x() { return 1; } }'],
    ['one beside a static one', 'class { static #n = 0; #x = 1; }'],
    ['one after texts that hold quotes', 'class { a = "it\'s"; b = `it\\`s`; #x = 1; }'],
    ['one after comments', 'class { /* # */ // #\n #x = 1; }'],
    ['a name of other letters', 'class { #größe = 1; }'],
    ['what esbuild makes of one', 'class { constructor() { __privateAdd(this, _x, 1); } }'],
    ['what TypeScript makes of one', 'class { get() { return __classPrivateFieldGet(this, _x); } }'],
  ])('%s', (_what, source) => {
    expect(hasPrivateState(classFrom(source))).toBe(true);
  });

  test.each([
    ['public fields', 'class { x = 1; }'],
    ['static private names', 'class A { static #n = 0; static async #f() {} static get #g() {} n = A.#n; }'],
    ['a colour in a text', 'class { colour = "#fff"; other = \'#abc\'; third = `#def`; }'],
    ['a comment', 'class { /* #x */ y = 1; // #z\n }'],
    ['a function', 'function () { this.x = 1; }'],
  ])('none: %s', (_what, source) => {
    expect(hasPrivateState(classFrom(source))).toBe(false);
  });

  test('native classes have slots', () => {
    for (const native of [WeakMap, Promise, Intl.NumberFormat]) {
      expect(hasPrivateState(native as unknown as Constructor)).toBe(true);
    }
  });
});
