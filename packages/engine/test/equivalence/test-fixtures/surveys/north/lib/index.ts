import { task } from '../../../../../../src/index.ts';

export const load = task({ name: 'load' }, (night: number) => `north ${night}`);
