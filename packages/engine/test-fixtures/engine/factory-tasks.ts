/** Tasks that factories make while their module is loaded. */
import { task, type Task } from '../../src/authoring/task.ts';

function scale(name: string, factor: number): Task<[number], number> {
  return task({ name }, (n: number) => n * factor);
}

export const double = scale('double', 2);
export const triple = scale('triple', 3);
export const both = [2, 3].map((factor) => task({ name: 'scaled' }, (n: number) => n * factor));
/** To be called later, when no thread does. */
export function makeLater(): Task<[number], number> {
  return scale('later', 5);
}
