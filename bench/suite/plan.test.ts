import { describe, expect, it } from 'vitest';
import { foresee, sleepFloorSeconds } from './foresee.ts';
import { faultOf } from './judge.ts';
import { caseId, type Measurement, type Planned } from './measurement.ts';
import { parseOptions } from './options.ts';
import type { Measured } from './outcome.ts';
import { parseOutcome } from './parse-outcome.ts';
import { plan } from './plan.ts';
import { series, type Series } from './series.ts';
import { BARE, readSystem, SIDEREAL } from './system.ts';

const tree: Series = {
  name: 'tree',
  row: 'tree',
  minSeconds: 0.1,
  maxSeconds: 1,
  mebibytes: 0.1,
  processes: 1,
  threads: 16,
  sizes: { quick: [10], standard: [10, 20], full: [10, 20, 40] },
};
const sidereal = readSystem(SIDEREAL);
const systems = [readSystem(BARE), sidereal];
const limits = { budgetSeconds: 100, memoryBytes: 2 ** 30 };
const outcome: Measured = {
  tWorkflow: 2,
  tSumTaskTimes: 1,
  tasksExecuted: 19,
  tasksCached: 0,
  check: 10,
  versions: {},
  settings: {},
};

function one(n: number, overrides: Partial<Planned['asked']> = {}): Planned {
  const [planned] = plan([{ ...tree, ...overrides, sizes: { ...tree.sizes, quick: [n] } }], [sidereal], {
    set: 'quick',
    times: 1,
    seed: 1,
  });
  return planned!;
}

const measured = (n: number, result: Measurement['result']): Measurement => ({ ...one(n), result, date: '' });

describe('a plan', () => {
  it('measures small sizes first, all systems by turns, each as often as asked', () => {
    const planned = plan([tree], [sidereal, { ...sidereal, name: 'other' }], {
      set: 'standard',
      times: 2,
      seed: 1,
    });
    expect(planned.map(({ system, repetition, asked }) => [asked.n, repetition, system])).toEqual([
      [10, 1, 'sidereal'],
      [10, 1, 'other'],
      [10, 2, 'sidereal'],
      [10, 2, 'other'],
      [20, 1, 'sidereal'],
      [20, 1, 'other'],
      [20, 2, 'sidereal'],
      [20, 2, 'other'],
    ]);
  });

  it('asks variants only for their rows, and Sidereal alone for what only it has', () => {
    const planned = plan(series, systems, { set: 'quick', times: 1, seed: 1 });
    const ways = (row: string): string[] =>
      planned
        .filter(({ asked }) => asked.row === row)
        .map(({ system, asked }) => `${system}/${asked.variant}`);
    expect(new Set(ways('tree'))).toEqual(new Set(['sidereal/threads']));
    expect(ways('noop-map')).toEqual(['bare/dispatch', 'bare/sqlite', 'sidereal/threads', 'sidereal/inline']);
    expect(ways('pending')).toEqual(['sidereal/inline']);
  });

  it('names every case apart, and takes other sizes for trees', () => {
    const planned = plan(series, systems, { set: 'full', times: 1, seed: 1, n: [64] });
    expect(new Set(planned.map(caseId)).size).toBe(planned.length);
    expect(planned.filter(({ asked }) => asked.row === 'tree').every(({ asked }) => asked.n === 64)).toBe(
      true,
    );
    const only = plan(series, systems, { set: 'quick', times: 1, seed: 1, only: ['sidereal/inline'] });
    expect(new Set(only.map(({ asked }) => asked.variant))).toEqual(new Set(['inline']));
  });
});

describe('what is foreseen', () => {
  it('counts the sleeps on all slots', () => {
    expect(sleepFloorSeconds(one(1600).asked)).toBeCloseTo(55, 9);
    expect(foresee(one(1600), [], limits)).toBeUndefined();
    expect(foresee(one(3200), [], limits)).toMatchObject({ kind: 'over budget' });
  });

  it('follows from a smaller size of the same workload on the same system', () => {
    const took = (tWorkflow: number): Measurement['result'] => ({
      kind: 'measured',
      outcome: { ...outcome, tWorkflow },
    });
    expect(foresee(one(20), [measured(10, took(60))], limits)).toMatchObject({ kind: 'over budget' });
    expect(foresee(one(20), [measured(10, took(40))], limits)).toBeUndefined();
    const other = { ...measured(10, took(60)), system: 'other' };
    expect(foresee(one(20), [other], limits)).toBeUndefined();
    expect(foresee(one(10), [measured(10, took(900))], limits)).toBeUndefined();
  });

  it('does not try again what was too much when it was smaller', () => {
    const before = [measured(10, { kind: 'over memory', words: 'it was ended' })];
    expect(foresee(one(20), before, limits)).toMatchObject({ kind: 'over memory' });
  });
});

describe('an outcome', () => {
  it('is at fault if anything was cached, missing, wrong or not told', () => {
    expect(faultOf(one(10), outcome)).toBeUndefined();
    expect(faultOf(one(10), { ...outcome, tasksCached: 1 })).toContain('cache');
    expect(faultOf(one(10), { ...outcome, tasksExecuted: 18 })).toContain('not 19');
    expect(faultOf(one(10), { ...outcome, check: 9 })).toContain('the result is 9');
    const { check: _check, ...untold } = outcome;
    expect(faultOf(one(10), untold)).toContain('not told');
  });

  it('is the last line of what is printed', () => {
    expect(parseOutcome(`talk\n${JSON.stringify(outcome)}\n`)).toEqual(outcome);
    expect(parseOutcome('{"cannot":"no"}')).toEqual({ cannot: 'no' });
    expect(() => parseOutcome('Traceback')).toThrow('no JSON');
    expect(() => parseOutcome('{"tWorkflow":"1 s"}')).toThrow('not as agreed');
  });
});

describe('options', () => {
  it('have a budget and repetitions for each set', () => {
    expect(parseOptions([])).toMatchObject({
      set: 'standard',
      times: 3,
      budgetSeconds: 300,
      peers: undefined,
    });
    expect(parseOptions(['--quick'])).toMatchObject({ set: 'quick', times: 1, budgetSeconds: 60 });
    expect(parseOptions(['--n', '1000,4000', '--times', '2'])).toMatchObject({ n: [1000, 4000], times: 2 });
  });

  it('take the names of peers or all', () => {
    expect(parseOptions(['--peers', '--quick'])).toMatchObject({ peers: 'all', set: 'quick' });
    expect(parseOptions(['--peers', 'dask,prefect'])).toMatchObject({ peers: ['dask', 'prefect'] });
    expect(parseOptions(['--install-peers'])).toMatchObject({ installPeers: 'all' });
  });

  it('refuse what makes no sense', () => {
    expect(() => parseOptions(['--n', '0'])).toThrow('--n');
    expect(() => parseOptions(['--quick', '--full'])).toThrow('exclude');
    expect(() => parseOptions(['--budget', 'soon'])).toThrow('--budget');
    expect(() => parseOptions(['--fast'])).toThrow('--fast');
  });
});
