/** What may fail: try again, and go on without what does not come. Run it: `node examples/hello/retry-and-settle.ts`. */
import { eachSettled, flow, run, settled, task } from 'sidereal';

/** A source that answers at the second attempt; `retries` waits 50 ms, then twice as long, and so on. */
const fetchCatalogue = task(
  { name: 'fetch-catalogue', retries: { limit: 3, delay: '50ms', factor: 2 } },
  async (name: string) => {
    if (run.attempt === 1) throw new Error(`${name} is busy`);
    return [name.length, 2 * name.length];
  },
);

/** Cannot deal with odd numbers, and trying again would not help. */
const halve = task({ name: 'halve' }, (n: number) => {
  if (n % 2 === 1) throw new RangeError(`${n} is odd`);
  return n / 2;
});

export const retryAndSettle = flow({ name: 'retry-and-settle' }, async () => {
  const sources = await fetchCatalogue('cygnus-a'); // 8, 16: awaiting gives the value, or throws what went wrong
  const halves = await eachSettled(halve.map([...sources, 7])); // how each item ended: one failure hides nothing
  const hopeless = await settled(halve(9)); // the same for a single call; never throws
  return {
    good: halves.flatMap(({ value }) => value ?? []),
    bad: [...halves, hopeless].flatMap(({ error }) => error?.message ?? []),
  };
});

if (import.meta.main) console.log(await retryAndSettle());
