/** Run with `--import` of `fails-in-threads.mjs`: no thread comes up, and the process must end by itself. */
import { isSiderealError } from '@sidereal/core';
import { threadsHost } from '../../src/runners/testing/threads-host.ts';
import { add } from './contract-tasks.ts';

const slots = threadsHost({ size: 2 });
const outcome = await slots.run(add, [1, 2]);
const error = outcome.type === 'crashed' ? outcome.error : undefined;
console.log(isSiderealError(error) ? error.code : 'another error');
