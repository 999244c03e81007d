import { flow } from '@sidereal/engine';

export const first = flow({ name: 'first-flow' }, async () => 1);
export const second = flow({ name: 'second-flow' }, async () => 2);
export const notAFlow = 3;
