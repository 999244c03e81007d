import { flow, task } from '@sidereal/engine';

// @ts-expect-error a task is made of a function
const grid = task({ name: 'grid' });

export const incomplete = flow({ name: 'incomplete' }, async () => grid);
