/** Flows inside flows are stages: they run in parallel, like tasks. Run it: `node examples/hello/nested-stages.ts`. */
import { flow, future, reduce, task } from 'sidereal';

const observe = task({ name: 'observe' }, async (antennas: number) =>
  Array.from({ length: antennas }, (_, antenna) => 100 + antenna),
);
const square = task({ name: 'square' }, (n: number) => n * n);
const add = task({ name: 'add' }, (a: number, b: number) => a + b);

/** A stage is a flow with an input; a field declared `future` may come later than the stage begins. */
const power = flow({ name: 'power', input: { samples: future<number[]>() } }, async ({ samples }) => {
  const squares = square.map(await samples);
  return reduce(add, squares);
});

const mean = flow({ name: 'mean', input: { samples: future<number[]>() } }, async ({ samples }) => {
  const all = await samples;
  return (await reduce(add, all)) / all.length;
});

export const nestedStages = flow({ name: 'nested-stages' }, async () => {
  const samples = observe(27); // submitted, not awaited: the two stages below begin at once …
  const [total, middle] = await Promise.all([power({ samples }), mean({ samples })]); // … and run side by side
  return { total, middle };
});

if (import.meta.main) console.log(await nestedStages());
