import { flow, reduce, task } from '@sidereal/engine';

const add = task({ name: 'add' }, (a: number, b: number) => a + b);

export const total = await reduce(add, []);

export const reduces = flow({ name: 'reduces' }, async () => total);
