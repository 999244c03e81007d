import { flow } from '@sidereal/engine';

export const eager = flow({ name: 'eager' }, async () => 1);

await eager();
