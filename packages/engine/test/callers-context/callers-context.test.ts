import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { callInline, request } from '../../test-fixtures/engine/context-tasks.ts';
import { flow, group, loop, reduce, run, startRun, task, type StandardSchema } from '../../src/index.ts';
import { testStore } from '../../src/testing/test-store.ts';

const runs = testStore();
const now = (): string => request.getStore() ?? 'none';
const tell = task({ name: 'tell' }, (_call: number) => now());
const tellLater = task({ name: 'tell-later' }, async (_call: number) => {
  await new Promise((resolve) => setImmediate(resolve));
  return now();
});
const tellTwice = task({ name: 'tell-twice' }, async (call: number) => [await tell(call), now()].join());
const join = task({ name: 'join' }, (a: string, b: string) => `${a} ${now()} ${b}`);
const retried = new Set<number>();
const tellAgain = task({ name: 'tell-again', retries: 1 }, (call: number) => {
  if (retried.has(call)) return now();
  retried.add(call);
  throw new Error('once');
});
const anything: StandardSchema<number> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as number }) },
};
const stage = flow({ name: 'stage', input: anything }, async (call: number) => {
  const first = now();
  return [first, await tell(call), now()].join();
});

/** Calls made by three callers at once: in the contexts A and B, and in none. */
async function three<T>(call: (n: number) => PromiseLike<T>): Promise<T[]> {
  return Promise.all([request.run('A', () => call(1)), request.run('B', () => call(2)), call(3)]);
}
async function* oneItem(): AsyncGenerator<string> {
  yield now();
}
const echo = task({ name: 'echo' }, (text: string) => `${text},${now()}`);

/** What each of three callers is told, as a function of its own context. */
const calls: Readonly<
  Record<string, readonly [(n: number) => PromiseLike<unknown>, (own: string) => unknown]>
> = {
  'a task': [(n) => tell(n), (own) => own],
  'a task, later on': [(n) => tellLater(n), (own) => own],
  'a task that calls another': [(n) => tellTwice(n), (own) => `${own},${own}`],
  'a later attempt': [(n) => tellAgain(n), (own) => own],
  'a call that waits for a promise': [(n) => tell(new Promise((r) => setImmediate(r, n))), (own) => own],
  'the items of a map': [(n) => tell.map([n, n + 10]), (own) => [own, own]],
  'what makes the arguments of a map': [(n) => echo.map([n], () => [now()]), (own) => [`${own},${own}`]],
  'a generator of items': [() => echo.map(oneItem()), (own) => [`${own},${own}`]],
  'a reduce': [
    (n) => reduce(join, [`${n}`, 'x']),
    (own) => expect.stringMatching(new RegExp(`^. ${own} x$`)),
  ],
  'a stage': [(n) => stage(n), (own) => `${own},${own},${own}`],
  'stages of a map': [(n) => stage.map([n]), (own) => [`${own},${own},${own}`]],
  'a group': [(n) => group(`g${n}`, async () => [now(), await tell(n)].join()), (own) => `${own},${own}`],
  'a loop': [
    async (n) => (await loop(`l${n}`, { max: 2 }, async () => [now(), await tell(n)].join())).value,
    (own) => `${own},${own}`,
  ],
  'what a task on a thread calls inline': [(n) => callInline(n), (own) => own],
};

describe("code inline is in its caller's async context, whoever else calls meanwhile", () => {
  it.each(Object.entries(calls))('%s', async (name, [call, told]) => {
    const body = async (): Promise<unknown[]> => three(call);
    const told3 = await runs.value(flow({ name: `context ${name}` }, body));
    expect(told3).toEqual(['A', 'B', 'none'].map(told));
  });

  it('in turn, and in the flow itself: whatever it changes is its own', async () => {
    const body = flow({ name: 'in turn' }, async () => {
      const before = now();
      const told = [
        await request.run('A', () => tell(1)),
        await request.run('B', () => tell(2)),
        await tell(3),
      ];
      return [before, ...told, now()];
    });
    const started = request.run('main', () => startRun(body.definition, undefined, { store: runs.store }));
    expect(await started.result).toEqual(['main', 'A', 'B', 'main', 'main']);
  });

  it('two runs at once', async () => {
    const body = flow({ name: 'two runs' }, async () => [now(), await tell(1), await tellLater(2)]);
    const started = ['A', 'B'].map((name) =>
      request.run(name, () => startRun(body.definition, undefined, { store: runs.store }).result),
    );
    expect(await Promise.all(started)).toEqual([
      ['A', 'A', 'A'],
      ['B', 'B', 'B'],
    ]);
  });

  it('retryIf, and listeners of its signal', async () => {
    const told: string[] = [];
    const fails = task(
      { name: 'fails', retries: { limit: 1, retryIf: () => told.push(`retryIf ${now()}`) > 0 } },
      (_call: number) => {
        throw new Error('no');
      },
    );
    const listens = task({ name: 'listens' }, async (_call: number) => {
      const { signal } = run;
      listening();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          told.push(`abort ${now()}`);
          resolve();
        });
      });
    });
    const { promise, resolve: listening } = Promise.withResolvers<void>();
    const handle = runs.start(
      flow({ name: 'callbacks' }, async () => {
        await Promise.allSettled([request.run('A', () => fails(1))]);
        await request.run('B', () => listens(2));
      }),
    );
    await promise;
    handle.cancel('enough');
    expect((await runs.ended(handle)).state).toBe('cancelled');
    expect(told).toEqual(['retryIf A', 'abort B']);
  });
});

describe('a listener', () => {
  it('is in the context of whoever emits: another run, if that does', async () => {
    const bus = new EventEmitter();
    const registered = Promise.withResolvers<void>();
    const emitted = Promise.withResolvers<void>();
    const registers = flow({ name: 'registers' }, async () => {
      bus.once('free', () => void tell(1));
      bus.once(
        'bound',
        run.bind(() => void tell(2)),
      );
      registered.resolve();
      await emitted.promise;
    });
    const emits = flow({ name: 'emits' }, async () => {
      await registered.promise;
      bus.emit('free');
      bus.emit('bound');
      emitted.resolve();
    });
    const [a, b] = await Promise.all([runs.run(registers), runs.run(emits)]);
    expect([a.record.states('tell'), b.record.states('tell')]).toEqual([['completed'], ['completed']]);
  });

  it('that is called outside of any run has lost its context, and is told how to keep it', async () => {
    const bus = new EventEmitter();
    bus.once('outside', () => void tell(1));
    const registered = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const handle = runs.start(
      flow({ name: 'registers' }, async () => {
        registered.resolve();
        await over.promise;
      }),
    );
    await registered.promise;
    try {
      expect(() => request.run('outside', () => bus.emit('outside'))).toThrow(
        expect.objectContaining({ code: 'LOST_CONTEXT', remedy: expect.stringContaining('run.bind') }),
      );
    } finally {
      over.resolve();
    }
    expect((await runs.ended(handle)).record.nodes).toHaveLength(1);
  });
});
