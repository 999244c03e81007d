/** Two tasks of one name in one module, by mistake. */
import { task } from '../../src/index.ts';

export const first = task({ name: 'same' }, () => 'first');
export const second = task({ name: 'same' }, () => 'second');
