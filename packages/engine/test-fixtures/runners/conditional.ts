import { isMainThread } from 'node:worker_threads';
import { define } from './define.ts';

/** Defined only in the flow's own thread, as a task under a condition is. */
export const conditional = isMainThread ? define(import.meta.url, 'conditional', () => 1) : undefined;
export const always = define(import.meta.url, 'always', () => 2);
