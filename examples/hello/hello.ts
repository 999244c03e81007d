/** The smallest flow that maps and reduces. Run it: `node examples/hello/hello.ts`. */
import { flow, task, reduce, run } from 'sidereal';

const square = task({ name: 'square' }, (n: number) => n * n);
const add = task({ name: 'add' }, async (a: number, b: number) => a + b);

/** Sums the first squares. */
export const hello = flow({ name: 'hello' }, async () => {
  run.log('adding squares');
  const squares = square.map([1, 2, 3, 4, 5, 6, 7, 8]);
  return reduce(add, squares);
});

if (import.meta.main) console.log(await hello());
