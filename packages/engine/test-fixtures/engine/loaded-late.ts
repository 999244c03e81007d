import { task } from '../../src/authoring/task.ts';

export const fourfold = task({ name: 'fourfold' }, (n: number) => 4 * n);
