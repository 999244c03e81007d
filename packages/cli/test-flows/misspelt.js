import { flow, task } from '@sidereal/engine';

// @ts-expect-error what the compiler refuses, and whoever does not compile is told when it runs
const grid = task({ name: 'grid', retry: 3 }, () => 1);

export const misspelt = flow({ name: 'misspelt' }, async () => grid());
