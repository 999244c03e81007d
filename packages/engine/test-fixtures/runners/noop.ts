import { define } from './define.ts';

/** Nothing at all: what is left is the cost of getting there and back. */
export const noop = define(import.meta.url, 'noop', (n: number) => n);
export const asyncNoop = define(import.meta.url, 'async-noop', async (n: number) => n);
export const smallObject = define(import.meta.url, 'small-object', (o: { n: number }) => ({ n: o.n + 1 }));
