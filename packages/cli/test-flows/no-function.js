import { flow, task } from 'sidereal';

// @ts-expect-error a task is made of a function
const grid = task({ name: 'grid' });

export const incomplete = flow({ name: 'incomplete' }, async () => grid);
