import { task } from '../../src/authoring/task.ts';

export const double = task({ name: 'double' }, (n: number) => n * 2);
export const quadruple = task({ name: 'quadruple' }, async (n: number): Promise<number> => double(double(n)));
