import { describe, expect, it } from 'vitest';
import { inline, threads } from '../../src/index.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { execute, expectOutcome, placed } from './execute.ts';
import { hasTurn } from './in-turn.ts';
import { observe } from './observation.ts';
import { programs } from './programs.ts';

const runs = testStore();

/** Runs a program inline and on threads: both must come to the same, and to what it must come to. */
async function compare(name: string): Promise<void> {
  const program = programs[name]!;
  const options = { validate: program.isLarge !== true };
  const here = await execute(runs, placed(program.flow, inline()), undefined, options);
  expectOutcome(program, here);
  program.see?.(here.record);
  const there = await execute(runs, placed(program.flow, threads(1)), undefined, options);
  expectOutcome(program, there);
  program.see?.(there.record);
  // Of a large one the record is not read back in full.
  if (program.isLarge === true || program.differs !== undefined) return;
  expect(observe(there.record)).toEqual(observe(here.record));
}

describe('inline and on threads, the same comes of', () => {
  // The others have their turn on threads all together, in `neighbours.test.ts`, and here in a soak.
  it.each(Object.keys(programs).filter((_, place) => hasTurn(place, 0, 2)))('%s', async (name) =>
    compare(name),
  );
});
