import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flow, openStore, run, startRun, task } from 'sidereal';
import { failAtRandom } from './mock-failure.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radps-failures-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const SUBJECTS = Array.from({ length: 100 }, (_, index) => `spw ${index}`);

/** By subject, the attempt that got through when the task's files are in `place`. */
async function attemptsIn(place: string, seed: number): Promise<number[]> {
  const write = task({ name: 'write', retries: { limit: 50, delay: 0 } }, (path: string, subject: string) => {
    failAtRandom({ stages: ['bandpass'], rate: 0.5, seed }, 'bandpass', subject);
    return path === '' ? 0 : run.attempt;
  });
  const writeAll = flow({ name: 'write-all' }, () =>
    Promise.all(SUBJECTS.map((subject) => write(join(place, subject), subject))),
  );
  const store = await openStore(join(folder, place));
  try {
    const { error, value } = await startRun(writeAll.definition, undefined, { store }).outcome;
    if (error !== undefined) throw error;
    return value as number[];
  } finally {
    await store.close();
  }
}

describe('failures made on purpose', () => {
  it('depend on the seed and on what is worked on, not on where', async () => {
    const here = await attemptsIn('here', 1);
    expect(await attemptsIn('there', 1)).toEqual(here);
    expect(await attemptsIn('elsewhere', 2)).not.toEqual(here);
    // About half of all first attempts: between 30 and 70 of 100, beyond four standard deviations.
    const atOnce = here.filter((attempt) => attempt === 1).length;
    expect(atOnce).toBeGreaterThan(30);
    expect(atOnce).toBeLessThan(70);
  });
});
