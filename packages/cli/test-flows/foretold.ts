import { flow, settled, task } from '@sidereal/engine';

const isBroken = process.env['FORETOLD_BROKEN'] === '1';

/** The middle item fails while FORETOLD_BROKEN is 1. */
const item = task({ name: 'item' }, (n: number) => {
  if (n === 1 && isBroken) throw new Error('bad item');
  return n;
});
const judge = task({ name: 'judge' }, (outcome: { readonly state: string }) => outcome.state);
const publish = task({ name: 'publish', durability: 'strict' }, (verdict: string) => `published ${verdict}`);

/** Something strict is made of how items have ended. */
export const foretold = flow({ name: 'foretold' }, async () => {
  const verdict = judge(settled(item.map([0, 1, 2])));
  const published = await publish(verdict);
  if (isBroken) throw new Error('stopped');
  return published;
});
