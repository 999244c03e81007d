import { beforeEach, describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { gate, turns, until } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';
import { RESUME } from '@sidereal/core';

const runs = testStore();

describe('a run that is cancelled', () => {
  it('signals what runs, cancels what waits, and says why', async () => {
    const started = gate();
    const reasons: unknown[] = [];
    const listens = task({ name: 'listens' }, async () => {
      const { promise, reject } = Promise.withResolvers<never>();
      run.signal.addEventListener('abort', () => {
        reasons.push(run.signal.reason);
        reject(run.signal.reason);
      });
      started.open();
      return promise;
    });
    const next = task({ name: 'next' }, (value: unknown) => value);
    const cancels = flow({ name: 'cancels', concurrency: 1 }, async () => next(listens()));
    const handle = runs.start(cancels);
    await started.passed;
    handle.cancel('by alice');
    const { state, error, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(error).toMatchObject({ code: 'CANCELLED', message: expect.stringContaining('by alice') });
    await expect(handle.result).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(reasons).toMatchObject([{ code: 'CANCELLED', message: expect.stringContaining('by alice') }]);
    expect(record.path('listens')).toEqual(['queued', 'running', 'cancelling', 'cancelled']);
    expect(record.path('next')).toEqual(['cancelled']);
    expect(record.path(0)).toEqual(['running', 'cancelling', 'cancelled']);
    expect(record.node(0).message).toBe('by alice');
    expect(record.node('listens').message).toBe('by alice');
  });

  it('twice is cancelled once', async () => {
    const started = gate();
    const waits = task({ name: 'waits' }, async () => {
      started.open();
      await sleep('10m');
    });
    const handle = runs.start(flow({ name: 'twice' }, async () => waits()));
    await started.passed;
    handle.cancel('first');
    handle.cancel('second');
    const { state, record } = await runs.ended(handle);
    handle.cancel('third');
    expect(state).toBe('cancelled');
    expect(record.path('waits')).toEqual(['queued', 'running', 'cancelling', 'cancelled']);
    expect(record.node(0).message).toBe('first');
  });

  it('before it has started runs nothing', async () => {
    let ran = 0;
    const work = task({ name: 'work' }, () => (ran += 1));
    const handle = runs.start(
      flow({ name: 'never' }, async () => {
        ran += 1;
        await work();
      }),
    );
    handle.cancel('too soon');
    const { state, record } = await runs.ended(handle);
    expect([state, ran]).toEqual(['cancelled', 0]);
    expect(record.nodes).toHaveLength(1);
  });

  it('makes no call whose promise comes too late', async () => {
    const started = gate();
    const late = gate();
    const work = task({ name: 'work' }, async (_given: unknown) => {
      started.open();
      await sleep('10m');
    });
    const handle = runs.start(
      flow({ name: 'too-late' }, async () => {
        void work(late.passed);
        void settled(work(late.passed));
        await work(1);
      }),
    );
    await started.passed;
    handle.cancel('now');
    const { state, record } = await runs.ended(handle);
    late.open();
    await turns();
    expect(state).toBe('cancelled');
    expect(record.states('work')).toEqual(['cancelled']);
  });

  it('keeps what a task returns all the same', async () => {
    const started = gate();
    const returns = task({ name: 'returns' }, async () => {
      started.open();
      await until(() => run.signal.aborted);
      return 42;
    });
    const handle = runs.start(flow({ name: 'keeps' }, async () => returns()));
    await started.passed;
    handle.cancel('now');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.states('returns')).toEqual(['completed']);
  });

  it('waits for a body that cleans up, whose calls end at once', async () => {
    const started = gate();
    const order: string[] = [];
    const waits = task({ name: 'waits' }, async () => {
      started.open();
      await sleep('10m');
    });
    const clean = task({ name: 'clean' }, () => void order.push('called'));
    const cleans = flow({ name: 'cleans' }, async () => {
      try {
        await waits();
      } finally {
        await turns();
        order.push('cleaned');
        await clean().catch(() => order.push('refused'));
      }
    });
    const handle = runs.start(cleans);
    await started.passed;
    handle.cancel('now');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(order).toEqual(['cleaned', 'refused']);
    expect(record.states('clean')).toEqual(['cancelled']);
  });

  it('ends stages, loops, maps, reduces and sources that wait', async () => {
    const started = gate();
    let closed = 0;
    async function* endless(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
        started.open();
        await new Promise(() => undefined);
      } finally {
        closed += 1;
      }
    }
    function* many(): Generator<number> {
      try {
        for (let n = 0; ; n += 1) yield n;
      } finally {
        closed += 1;
      }
    }
    const slow = task({ name: 'slow' }, async (n: number) => {
      await sleep('10m');
      return n;
    });
    const add = task({ name: 'add' }, (a: number, b: number) => a + b);
    const stage = flow({ name: 'stage' }, async () => loop('turns', { max: 3 }, async () => slow(1)));
    const handle = runs.start(
      flow({ name: 'everything' }, async () => {
        const mapped = slow.map(many());
        await Promise.all([stage(), slow.map(endless()), reduce(add, endless()), reduce(add, mapped)]);
      }),
      undefined,
      { validate: false },
    );
    await started.passed;
    await turns();
    handle.cancel('everything');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(closed).toBeGreaterThanOrEqual(1);
    const ends = new Set(record.nodes.filter(({ name }) => name !== 'add').map((node) => node.state));
    expect([...ends]).toEqual(['cancelled']);
    expect(record.states('turns', 'loop')).toEqual(['cancelled']);
  });

  it('ends what waits for a retry', async () => {
    const failing = task({ name: 'failing', retries: { limit: 1, delay: '10m' } }, () => {
      throw new Error('no');
    });
    const handle = runs.start(flow({ name: 'waits-for-retry' }, async () => failing()));
    const id = await handle.id;
    await until(() => runs.record(id).states('failing')[0] === 'awaiting_retry');
    handle.cancel('now');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.path('failing')).toEqual(['queued', 'running', 'awaiting_retry', 'cancelled']);
  });

  it('ends tasks on threads: those that listen, those that hear nothing, those that wait', async () => {
    const handle = runs.start(
      flow({ name: 'on-threads', runner: threads(2) }, async () => {
        threaded.untilStopped();
        threaded.spin();
        threaded.add(1, 2);
        await threaded.depth(1);
      }),
    );
    const id = await handle.id;
    await until(() => runs.record(id).states('until-stopped')[0] === 'running');
    await until(() => runs.record(id).states('spin')[0] === 'running');
    handle.cancel('enough');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.states('until-stopped')).toEqual(['cancelled']);
    expect(record.states('spin')).toEqual(['cancelled']);
    expect(record.states('add')).toEqual(['cancelled']);
    expect(record.states('depth')).toEqual(['cancelled']);
  });

  it('may be cancelled from outside, through the store', async () => {
    const { requestCancel } = await import('@sidereal/store');
    const started = gate();
    const waits = task({ name: 'waits' }, async () => {
      started.open();
      await sleep('10m');
    });
    const handle = runs.start(flow({ name: 'outside' }, async () => waits()));
    await started.passed;
    requestCancel(runs.folder, await handle.id, { by: 'bob' });
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.node(0).message).toContain('bob');
  });
});

describe('code that does not stop when it is asked to', () => {
  let begun = 0;
  const deaf = task({ name: 'deaf' }, () => {
    begun += 1;
    return new Promise<number>(() => undefined);
  });
  beforeEach(() => {
    begun = 0;
  });

  it('is named and abandoned after its grace, innermost first; who waits for it may clean up', async () => {
    const remarks: string[] = [];
    let cleaned = '';
    const stage = flow({ name: 'stage' }, async () => {
      await deaf.map([1, 2], () => []);
    });
    const cleans = flow({ name: 'cleans' }, async () => {
      try {
        await stage();
      } catch (error) {
        await turns();
        cleaned = String(error);
        throw error;
      }
    });
    const handle = runs.start(cleans, undefined, {
      cancelGraceMs: 20,
      onRemark: (message) => remarks.push(message),
    });
    await until(() => begun === 2);
    handle.cancel('by alice');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(cleaned).toContain('was cancelled: by alice');
    expect(record.named('deaf', 'task')).toMatchObject([
      { state: 'cancelled', reason: 'abandoned', message: 'by alice; it has not stopped' },
      { state: 'cancelled', reason: 'abandoned' },
    ]);
    expect(record.node('stage')).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
    const [first] = record.named('deaf', 'task');
    expect(record.entries(first?.idx ?? -1, 'note')).toContainEqual({
      code: 'abandoned',
      message: expect.stringMatching(/has run for \d+\.\d s/),
    });
    expect(remarks).toEqual([
      expect.stringMatching(
        /abandoned because it has not: deaf \(running for .* s, .*cancel\.test\.ts:\d+:\d+\), deaf/,
      ),
    ]);
  });

  it('is abandoned in bodies, groups and loops too', async () => {
    const started = gate();
    const never = new Promise<void>(() => undefined);
    const deafBody = (): Promise<void> => {
      begun += 1;
      return never;
    };
    const stage = flow({ name: 'stage' }, deafBody);
    const grouped = task({ name: 'grouped' }, async () =>
      group('part', async () => loop('turns', { max: 2 }, deafBody)),
    );
    const handle = runs.start(
      flow({ name: 'deaf-body' }, async () => {
        void stage();
        void grouped();
        await until(() => begun === 2);
        started.open();
        await never;
      }),
      undefined,
      { cancelGraceMs: 20 },
    );
    await started.passed;
    handle.cancel('enough');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(new Set(record.nodes.map((node) => node.state))).toEqual(new Set(['cancelled']));
    expect(record.node(0)).toMatchObject({ reason: 'abandoned', message: 'enough; it has not stopped' });
    expect(record.node('stage').reason).toBe('abandoned');
  });

  it('is ended with its thread on threads, and says so', async () => {
    const handle = runs.start(
      flow({ name: 'on-thread', runner: threads(1) }, async () => threaded.saysAndSpins()),
    );
    const id = await handle.id;
    const hasBegun = (): boolean => {
      const record = runs.record(id);
      return record.nodes.length > 1 && record.entries('says-and-spins', 'log').length > 0;
    };
    await until(hasBegun);
    handle.cancel('enough');
    const { record } = await runs.ended(handle);
    expect(record.node('says-and-spins')).toMatchObject({ state: 'cancelled', reason: 'abandoned' });
  });

  it('runs again on resume, unless it is strict and nobody knows whether its effect happened', async () => {
    const started = gate();
    let count = 0;
    const works = task({ name: 'works', identity: 'cancel.test works' }, async () => {
      count += 1;
      if (count === 1) return new Promise<number>(() => undefined);
      return count;
    });
    const strict = task({ name: 'strict', identity: 'cancel.test strict', durability: 'strict' }, () => {
      started.open();
      return new Promise<number>(() => undefined);
    });
    const both = flow({ name: 'both' }, async () => {
      const one = works();
      const two = settled(strict());
      return [await one, (await two).error];
    });
    const handle = runs.start(both, undefined, { cancelGraceMs: 20 });
    await started.passed;
    handle.cancel('enough');
    const first = await runs.ended(handle);
    expect(first.state).toBe('cancelled');
    expect(first.record.node('works')).toMatchObject({ state: 'cancelled', reason: 'abandoned' });
    expect(first.record.node('strict')).toMatchObject({ state: 'failed', reason: 'outcome_unknown' });
    const { value, record } = await runs.run(both, undefined, {
      resume: { runId: first.id, rules: RESUME, takeOver: false },
    });
    expect(value).toMatchObject([2, { code: 'OUTCOME_UNKNOWN' }]);
    expect(record.node('strict').attempt).toBe(1);
  });

  it('is abandoned likewise when the body that called it throws', async () => {
    const handle = runs.start(
      flow({ name: 'throws' }, async () => {
        void deaf();
        await until(() => begun === 1);
        throw new RangeError('no');
      }),
      undefined,
      { cancelGraceMs: 20 },
    );
    const { state, error, record } = await runs.ended(handle);
    expect([state, error]).toMatchObject(['failed', { message: 'no' }]);
    expect(record.node('deaf')).toMatchObject({ state: 'cancelled', reason: 'abandoned' });
  });
});

describe('a second request to stop', () => {
  it('ends a run whose code does not listen, and records it as cancelled', async () => {
    const started = gate();
    const deaf = task({ name: 'deaf' }, () => {
      started.open();
      return new Promise<never>(() => undefined);
    });
    const waitsForDeaf = flow({ name: 'waits-for-deaf' }, async () => {
      await deaf();
    });
    const handle = runs.start(waitsForDeaf);
    await started.passed;
    handle.cancel('once');
    await turns(3);
    handle.cancel('twice');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.path('deaf')).toEqual(['queued', 'running', 'cancelling', 'cancelled']);
  });
});
