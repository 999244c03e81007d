/** Flows around the programs: they stop them, or make stages of them. */
import { flow, settled, task } from '../../../src/index.ts';
import { programs } from '../programs.ts';
import { anything } from './anything.ts';

/** What happens once a program has come to its end: the flow goes on, its body throws,
 * its last task fails, or that one waits for ever. */
export const hold: { how: 'opens' | 'throws' | 'fails' | 'waits' } = { how: 'opens' };

const last = task({ name: 'last', on: 'inline' }, async () => {
  if (hold.how === 'fails') throw new Error('the flow stops here');
  if (hold.how === 'waits') await new Promise(() => undefined);
});

/** A program as the body of a flow that may stop at its end. */
export const stopping = flow({ name: 'stopping', input: anything<string>() }, async (name) => {
  const value: unknown = await named(name).flow.definition.fn(undefined as never);
  if (hold.how === 'throws') throw new Error('the flow stops here');
  await last();
  return value;
});

/** Programs as stages of one flow. */
export const together = flow({ name: 'together', input: anything<readonly string[]>() }, async (names) =>
  Promise.all(names.map((name) => settled(named(name).flow()))),
);

function named(name: string) {
  const program = programs[name];
  if (program === undefined) throw new Error(`no program is named '${name}'`);
  return program;
}
