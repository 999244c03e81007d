/** A loop whose end the data decide, as in self-calibration. Run it: `node examples/hello/until-it-converges.ts`. */
import { flow, loop, task } from 'sidereal';

/** One improvement: Newton's step towards the square root of `n`. */
const improve = task({ name: 'improve' }, (n: number, guess: number) => (guess + n / guess) / 2);

export const squareRoot = flow({ name: 'square-root' }, async () => {
  let guess = 1;
  const { cycles, reason } = await loop('refine', { max: 20 }, async (cycle) => {
    const better = await improve(2, guess);
    const change = Math.abs(better - guess);
    guess = better;
    cycle.metric('change', change); // shown along the loop: `npx sidereal show latest`
    if (change < 1e-12) cycle.exit('converged'); // this cycle was the last
  });
  return { guess, cycles, reason };
});

if (import.meta.main) console.log(await squareRoot());
