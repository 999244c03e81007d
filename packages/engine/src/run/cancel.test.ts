import { describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { loop } from '../authoring/loop.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { gate, turns, until } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

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
    requestCancel(runs.folder, await handle.id, 'bob');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.node(0).message).toContain('bob');
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
