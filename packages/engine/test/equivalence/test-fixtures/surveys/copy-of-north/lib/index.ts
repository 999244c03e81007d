import { task } from '../../../../../../src/index.ts';

export const load = task({ name: 'load' }, (night: number) => `copy-of-north ${night}`);
