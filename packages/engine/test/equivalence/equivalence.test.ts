import { describe, expect, it } from 'vitest';
import { inline, threads } from '../../src/index.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { execute, expectOutcome, placed } from './execute.ts';
import { NOT_YET } from './not-yet.ts';
import { observe } from './observation.ts';
import { programs } from './programs.ts';

const runs = testStore();

/** Runs a program inline and on threads: both must come to the same, and to what it must come to. */
async function compare(name: string): Promise<void> {
  const program = programs[name]!;
  const here = await execute(runs, placed(program.flow, inline()));
  expectOutcome(program, here);
  program.see?.(here.record);
  const there = await execute(runs, placed(program.flow, threads(2)));
  expectOutcome(program, there);
  program.see?.(there.record);
  if (program.differs === undefined) expect(observe(there.record)).toEqual(observe(here.record));
}

const ready = Object.keys(programs).filter((name) => NOT_YET[name] === undefined);

describe('inline and on threads, the same comes of', () => {
  it.each(ready)('%s', async (name) => compare(name));
});

describe.runIf(Object.keys(NOT_YET).length > 0)('not yet of', () => {
  it.each(Object.entries(NOT_YET))('%s (%s)', async (name) => {
    expect(Object.keys(programs)).toContain(name);
    await expect(compare(name)).rejects.toSatisfy((mismatch) => mismatch instanceof Error);
  });
});
