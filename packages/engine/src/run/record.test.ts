import { openStoreReader } from '@sidereal/store';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { inline } from '../runners/built-in/built-in.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const load = task(
  { name: 'load', tags: ['io'] },
  async (path: string, _options: { raw: boolean }) => path.length,
);
const flaky = task({ name: 'flaky', retries: 1 }, (n: number) => {
  if (run.attempt === 1) throw new Error('once');
  return n;
});
const fail = task({ name: 'fail' }, (_: unknown): number => {
  throw new Error('always');
});
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const inner = flow({ name: 'inner', input: z.object({ n: z.number() }), tags: ['second'] }, async ({ n }) =>
  add(n, flaky(1)),
);
const observation = flow(
  {
    name: 'observation',
    input: z.object({ target: z.string() }),
    version: '2.1',
    tags: ['night'],
    runner: inline(8),
    taskDefaults: { tags: ['pipeline'] },
  },
  async ({ target }) => {
    const size = load(target, { raw: true });
    const sum = reduce(add, flaky.map([1, 2]));
    await settled(fail(size));
    threaded.add.with({ on: 'threads' })(1, 2);
    return inner({ n: add(size, sum) });
  },
);

describe('the record of a run', () => {
  it('holds every run with its state, attempts, place and upstream', async () => {
    const { record, value } = await runs.run(observation, { target: 'J1851+0035' });
    expect(value).toBe(14);
    const shown = record.nodes.map(({ idx, kind, name, state, attempt, parent, stage }) =>
      [
        kind,
        name,
        state,
        attempt,
        record.nodes[parent]?.name ?? '-',
        record.nodes[stage]?.name,
        record
          .story(idx)
          .upstream.map((from) => record.node(from).name)
          .join('+'),
      ].join(' '),
    );
    expect(shown.toSorted()).toEqual(
      [
        'flow observation completed 1 - observation ',
        'map flaky completed 1 observation observation ',
        'reduce add completed 1 observation observation ',
        'stage inner completed 1 observation observation add',
        'task add completed 1 add observation flaky+flaky',
        'task add completed 1 inner inner flaky',
        'task add completed 1 observation observation load+add',
        'task add completed 1 observation observation ',
        'task fail failed 1 observation observation load',
        'task flaky completed 2 flaky observation ',
        'task flaky completed 2 flaky observation ',
        'task flaky completed 2 inner inner ',
        'task load completed 1 observation observation ',
      ].toSorted(),
    );
  });

  it('shows inputs and results, bounded', async () => {
    const long = 'x'.repeat(1000);
    const shows = flow({ name: 'shows' }, async () => {
      const size = load(long, { raw: false });
      return add(size, 5);
    });
    const { record } = await runs.run(shows);
    expect(record.story('load').inputs).toHaveLength(160);
    expect(record.story('load').inputs).toMatch(/^\('x+…/);
    expect(record.story('add').inputs).toBe('(load[1], 5)');
  });

  it('names what ran, where, how, and with which tags', async () => {
    const { id } = await runs.run(observation, { target: 'x' });
    using reader = openStoreReader(runs.folder);
    const names = Object.fromEntries(reader.names(id).map((name) => [`${name.name} ${name.module}`, name]));
    const module = '@sidereal/engine/src/run/record.test.ts';
    expect(names[`load ${module}`]).toMatchObject({
      runner: '',
      tags: ['night', 'io'],
    });
    expect(names[`fail ${module}`]).toMatchObject({ tags: ['night', 'pipeline'] });
    expect(names['add @sidereal/engine/test-fixtures/engine/thread-tasks.ts']).toMatchObject({
      runner: 'threads',
    });
    expect(names[`inner ${module}`]).toMatchObject({ tags: ['second'] });
  });

  it('says who ran it, and that it is over', async () => {
    const { id } = await runs.run(observation, { target: 'J1851' });
    const { header, liveness, state, flow: name } = runs.detail(id);
    expect([name, state, liveness.status]).toEqual(['observation', 'completed', 'free']);
    expect(header).toMatchObject({ version: '2.1', tags: ['night'], input: '{"target":"J1851"}' });
    expect(header.module).toMatch(/record\.test\.ts$/);
    expect(JSON.parse(header.provenance)).toMatchObject({ pid: process.pid, node: process.version });
  });

  it('tells when each run was active, in order', async () => {
    const { id, record } = await runs.run(observation, { target: 'J1851' });
    for (const { idx, createdUs, startedUs = 0, endedUs = 0, parent } of record.nodes) {
      expect(createdUs).toBeLessThanOrEqual(startedUs);
      expect(startedUs).toBeLessThanOrEqual(endedUs);
      const times = record.story(idx).transitions.map(({ timeUs }) => timeUs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      if (parent >= 0) expect(record.node(parent).endedUs ?? 0).toBeGreaterThanOrEqual(endedUs);
    }
    using reader = openStoreReader(runs.folder);
    const active = reader.timeline(id);
    expect(active.count).toBeGreaterThanOrEqual(record.nodes.length);
  });

  it('is complete the moment the run is reported ended', async () => {
    const many = flow({ name: 'many' }, async () => {
      for (let i = 0; i < 500; i += 1) load(`${i}`, { raw: true });
      run.log('last words');
    });
    const handle = runs.start(many, undefined, { validate: false });
    await handle.result;
    const record = runs.record(await handle.id);
    expect(record.tally('load')).toEqual({ completed: 500 });
    expect(record.entries(0, 'log')).toEqual([{ level: 'info', message: 'last words' }]);
  });
});

describe('a run under way', () => {
  it('tells how far it is, exactly', async () => {
    const seen: unknown[] = [];
    const looks = flow({ name: 'looks', concurrency: 1 }, async () => {
      const one = load('a', { raw: true });
      load('b', { raw: true });
      await one;
      await settled(fail(1));
      seen.push(handle.progress().map(({ name, counts }) => [name, counts.reduce((a, b) => a + b, 0)]));
      await inner({ n: 1 });
    });
    const handle = runs.start(looks);
    await runs.ended(handle);
    expect(seen).toEqual([[['looks', 3]]]);
    expect(handle.progress().map(({ name }) => name)).toEqual(['looks', 'inner']);
  });
});
