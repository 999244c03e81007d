import { describe, expect, it } from 'vitest';
import { mostArguments } from './most-arguments.ts';

const ANY = Number.POSITIVE_INFINITY;
// Plain JavaScript, as authors who do not compile write it: in texts, so that no formatter changes it.
const functions: readonly (readonly [text: string, most: number])[] = [
  ['() => 1', 0],
  ['n => n', 1],
  ['async n => n', 1],
  ['(a, b) => a + b', 2],
  ['(a, b,) => a + b', 2],
  ['(a, b = 1, c) => a', 3],
  ['(a, b = (1, 2)) => a', 2],
  ['(a, b = [1, 2], { c, d } = { c: 1, d: 2 }) => a', 3],
  ["(a, b = ',', c = ')') => a", 3],
  [`(a, b = \`,\${[',', ')'].join(\`,\`)}\`, c) => a`, 3],
  ["(a, b = '\\',', c) => a", 3],
  ['(a, b = /[,/)]/g, c) => a', 3],
  ['(a, b = 4 / 2, c = 6 / 3) => a', 3],
  ['(a, b = (1 + 3) / 2, c = [1] / 3) => a', 3],
  ['(a /* , ) */, b // , )\n) => a', 2],
  ['( /* nothing */ ) => 1', 0],
  ['(a, ...more) => a', ANY],
  ['([a, ...rest], { b, ...others }) => a', 2],
  ['(a, b = (...args) => args.length) => a', 2],
  ['function add(a, b) { return a + b; }', 2],
  ['async function add(a, b) { return a + b; }', 2],
  ['function* add (a) { yield a; }', 1],
  ['function /* ( */ add(a, b) { return a + b; }', 2],
  ['add(a, b) { return a + b; }', 2],
  ['async *add(a, b) { yield a; }', 2],
  ["'a(b, c'(a) { return a; }", 1],
  ["[['x', '('].join(',')](a, b) { return a; }", 2],
  ['function () { return arguments.length; }', ANY],
  ['function (a) { return inner(arguments); }', ANY],
  ['function () { [native code] }', ANY],
  ['class Add { constructor(a, b) {} }', ANY],
];

describe('the most arguments that a function takes', () => {
  it.each(functions)('%s: %d', (text, most) => {
    expect(mostArguments(text)).toBe(most);
  });

  it('is told of functions as they are, stripped of types', () => {
    const add = (
      a: number,
      b: { readonly c: readonly [number, number] } = { c: [1, 2] },
      d?: number,
    ): number => a + b.c[0] + (d ?? 0);
    expect(mostArguments(add.toString())).toBe(3);
    expect(mostArguments(add.bind(undefined, 1).toString())).toBe(ANY);
    expect(mostArguments(Math.max.toString())).toBe(ANY);
  });
});
