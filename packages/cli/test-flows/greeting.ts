import { artifact, flow, group, loop, qa, reduce, run, sleep, task } from '@sidereal/engine';
import { z } from 'zod';

const greet = task({ name: 'greet' }, (who: string) => {
  run.log.debug('about to greet', { who });
  return `hello ${who}`;
});
const square = task({ name: 'square' }, (n: number) => n * n);
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const large = task({ name: 'large' }, () => new Float64Array(100_000));

const numbers = flow({ name: 'numbers', input: z.object({ count: z.int() }) }, async ({ count }) =>
  reduce(add, square.map(Array.from({ length: count }, (_, n) => n + 1))),
);

/** A bit of everything. */
export const greeting = flow(
  {
    name: 'greeting',
    version: '1.2',
    tags: ['test'],
    input: z.object({ who: z.string().default('world'), count: z.int().default(4) }),
  },
  async ({ who, count }) => {
    run.log('greeting', { who });
    console.log(`printed for ${who}`);
    await large();
    const sum = await numbers({ count });
    const { value } = await loop('improve', { max: 5 }, async (cycle) => {
      const result = await add(cycle.index, sum);
      cycle.metric('snr', 10 * (cycle.index + 1), 'dB');
      if (cycle.index === 1) cycle.exit('converged');
      return result;
    });
    await group('after', async () => sleep(1));
    await qa({ name: 'snr', score: 0.95, metric: { name: 'snr', value: 42, unit: 'dB' } });
    await qa({ name: 'flux', score: 0.5, message: 'low flux', scope: { spw: 3 } });
    await artifact.markdown('notes', '# fine');
    return { text: await greet(who), sum, value };
  },
);
