import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { gate, turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const here = expect.stringMatching(/async-context\.test\.ts:\d+:\d+$/);

/** Calls listeners from a context of its own, outside of any flow. */
function source(): { on(listener: () => void): void; fire(): void } {
  const emitter = new EventEmitter();
  const asked = gate();
  void asked.passed.then(() => emitter.emit('data'));
  return { on: (listener) => void emitter.on('data', listener), fire: () => asked.open() };
}

function thrown(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe('a call that has lost its flow', () => {
  it('in an event listener is refused with its line, and names run.bind', async () => {
    const { on, fire } = source();
    const seen: unknown[] = [];
    const listens = flow({ name: 'listens' }, async () => {
      on(() => seen.push(thrown(() => add(1, 2))));
      on(() => seen.push(thrown(() => run.log('lost'))));
      fire();
      await turns();
    });
    const { record } = await runs.run(listens);
    expect(seen).toMatchObject([
      { code: 'LOST_CONTEXT', at: here, message: expect.stringContaining("task 'add'") },
      { code: 'LOST_CONTEXT', at: here, remedy: expect.stringContaining('run.bind(fn)') },
    ]);
    expect(record.nodes).toHaveLength(1);
  });

  it('is found again by run.bind', async () => {
    const { on, fire } = source();
    const listens = flow({ name: 'binds' }, async () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      on(run.bind(() => void add(1, 2).then(resolve)));
      fire();
      return promise;
    });
    const { value, record } = await runs.run(listens);
    expect(value).toBe(3);
    expect(record.lineage('add')).toEqual(['add', 'binds']);
  });

  it('belongs to the task that bound it', async () => {
    const { on, fire } = source();
    const listens = task({ name: 'listens' }, async () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      on(run.bind(() => void add(1, 2).then(resolve)));
      fire();
      return promise;
    });
    const { record } = await runs.run(flow({ name: 'binds-in-task' }, async () => listens()));
    expect(record.lineage('add')).toEqual(['add', 'listens', 'binds-in-task']);
  });

  it('passes arguments, this and the result through run.bind', async () => {
    const binds = flow({ name: 'binds-method' }, async () => {
      const bound = run.bind(function (this: { base: number }, n: number) {
        return this.base + n + run.name.length;
      });
      return bound.call({ base: 10 }, 5);
    });
    expect(await runs.value(binds)).toBe(15 + 'binds-method'.length);
  });

  it('after the flow has ended is refused by the name of the flow', async () => {
    let stored = (): unknown => undefined;
    const keeps = flow({ name: 'keeps' }, async () => {
      stored = run.bind(() => [
        thrown(() => add(1, 2)),
        thrown(() => add.map([1], (n) => [n, n])),
        thrown(() => settled(Promise.resolve(1))),
      ]);
    });
    await runs.value(keeps);
    expect(stored()).toMatchObject([
      { code: 'FLOW_ENDED', at: here, message: expect.stringContaining('keeps had ended') },
      { code: 'FLOW_ENDED', at: here },
      { code: 'FLOW_ENDED', at: here },
    ]);
  });

  it('after its task has ended is refused by the name of the task', async () => {
    const refused: unknown[] = [];
    const keeps = task({ name: 'keeps-task' }, () => run.bind(() => thrown(() => add(1, 2))));
    const outer = flow({ name: 'outer' }, async () => {
      const stored = await keeps();
      refused.push(stored());
    });
    await runs.value(outer);
    expect(refused).toMatchObject([
      { code: 'FLOW_ENDED', message: expect.stringContaining('keeps-task had ended') },
    ]);
  });
});

describe('the async context', () => {
  it('survives timers, promises and generators', async () => {
    const waits = flow({ name: 'waits' }, async () => {
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          seen.push(run.name);
          queueMicrotask(() => {
            seen.push(run.name);
            resolve();
          });
        }, 1);
      });
      async function* words(): AsyncGenerator<string> {
        await turns(1);
        yield run.name;
      }
      for await (const word of words()) seen.push(word);
      seen.push(await add(1, 2).then(() => run.name));
      return seen;
    });
    expect(await runs.value(waits)).toEqual(['waits', 'waits', 'waits', 'waits']);
  });

  it('keeps two runs at once apart', async () => {
    const each = flow({ name: 'each' }, async () => {
      const before = run.id;
      await add(1, 2);
      await turns();
      return [before, run.id, await echoId()];
    });
    const echoId = task({ name: 'echo-id' }, async () => run.id);
    const handles = [1, 2, 3].map(() => runs.start(each));
    for (const handle of handles) {
      const id = await handle.id;
      expect(await handle.result).toEqual([id, id, id]);
    }
  });

  it('refuses a future of another run among arguments', async () => {
    let other: PromiseLike<number> | undefined;
    const door = gate();
    const lends = flow({ name: 'lends' }, async () => {
      other = add(1, 2);
      await door.passed;
    });
    const borrows = flow({ name: 'borrows' }, async () => {
      const seen = [
        thrown(() => add(other ?? 0, 1)),
        thrown(() => add.map([1], () => [other ?? 0, 1])),
        thrown(() => add.with({ after: other === undefined ? [] : [other] })(1, 2)),
        thrown(() => settled(other ?? Promise.resolve(0))),
      ];
      const mapped = seen[1] as PromiseLike<unknown>;
      seen[1] = await settled(mapped).then(({ error }) => error);
      return seen;
    });
    const lender = runs.start(lends);
    await lender.id;
    await turns();
    const { value } = await runs.run(borrows);
    door.open();
    await lender.result;
    expect(value).toMatchObject(Array.from({ length: 4 }, () => ({ code: 'FOREIGN_FUTURE', at: here })));
  });
});
