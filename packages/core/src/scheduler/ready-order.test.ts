import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE_CODE } from '../states/state.ts';
import { SimpleShell } from '../testing/simple-shell.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('which ready task goes first', () => {
  test('user priority, then depth, then the order of submission', () => {
    const shell = new SimpleShell({ slots: 1 });
    const late = shell.task();
    const deep = shell.task({ depth: 3 });
    const deepToo = shell.task({ depth: 3 });
    const urgent = shell.task({ priority: 2 });
    const deeper = shell.task({ depth: 4 });
    const lazy = shell.task({ priority: -1, depth: 9 });
    const latest = shell.task();
    shell.runDry();
    expect(shell.started).toEqual([urgent, deeper, deep, deepToo, late, latest, lazy]);
  });

  test('a consumer is one deeper than the deepest that it needs, with or without data', () => {
    const shell = new SimpleShell({ slots: 1 });
    const a = shell.task({ depth: 2 });
    const b = shell.task({ depth: 5 });
    expect(shell.scheduler.depthOf(shell.task({ consumes: [a], after: [b] }))).toBe(6);
    expect(shell.scheduler.depthOf(shell.task({ consumes: [a], depth: 7 }))).toBe(7);
  });

  test('equals go in the order of submission, whatever slots there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 }), (slots, count) => {
        const shell = new SimpleShell({ slots });
        const tasks = range(count).map(() => shell.task());
        shell.runDry();
        expect(shell.started).toEqual(tasks);
      }),
    );
  });

  test('a map over a map goes deep first: each item is done before a fresh one starts', () => {
    const shell = new SimpleShell({ slots: 1 });
    const firsts = range(5).map(() => shell.task());
    const seconds = firsts.map((first) => shell.task({ consumes: [first] }));
    const thirds = seconds.map((second) => shell.task({ consumes: [second] }));
    shell.runDry();
    expect(shell.started).toEqual(firsts.flatMap((first, i) => [first, seconds[i], thirds[i]]));
  });

  test('with many slots no more chains are under way than slots, in whatever order tasks end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 25 }),
        fc.array(fc.nat(), { minLength: 75, maxLength: 75 }),
        (slots, items, choices) => {
          const shell = new SimpleShell({ slots });
          const firsts = range(items).map(() => shell.task());
          const seconds = firsts.map((first) => shell.task({ consumes: [first] }));
          const thirds = seconds.map((second) => shell.task({ consumes: [second] }));
          shell.dispatch();
          for (const choice of choices.slice(0, items * 3)) {
            shell.end(shell.running[choice % shell.running.length]!);
            const isBegun = (id: number): boolean => shell.started.includes(id);
            const underWay = range(items).filter(
              (i) => isBegun(firsts[i]!) && shell.stateOf(thirds[i]!) !== STATE_CODE.completed,
            );
            expect(underWay.length).toBeLessThanOrEqual(slots);
          }
          expect(shell.running).toEqual([]);
        },
      ),
    );
  });

  test('a run that waits for its slot back goes before every new start, however urgent', () => {
    const shell = new SimpleShell({ slots: 1 });
    const parent = shell.task({ priority: -5 });
    shell.dispatch();
    const child = shell.task({ parent, depth: 2 });
    shell.scheduler.wait(parent);
    shell.dispatch();
    const urgent = shell.task({ priority: 9, depth: 9 });
    expect(shell.running).toEqual([parent, child]);
    shell.scheduler.attemptEnded(child, { type: 'completed', bytes: 0 });
    expect(shell.scheduler.unwait(parent)).toBe(false);
    shell.absorb();
    expect(shell.dispatch()).toEqual([parent]);
    expect(shell.end(parent)).toEqual([urgent]);
  });

  test('those who wait for their slots back go by the same order among themselves', () => {
    const shell = new SimpleShell({ slots: 3 });
    const parents = [shell.task(), shell.task({ priority: 1 }), shell.task({ depth: 4 })];
    shell.dispatch();
    for (const parent of parents) shell.scheduler.wait(parent);
    shell.scheduler.setCapacity(0, 1);
    expect(parents.map((parent) => shell.scheduler.unwait(parent))).toEqual([false, false, false]);
    const order: number[] = [];
    for (let next = shell.dispatch(); next.length > 0; next = shell.end(next[0]!)) order.push(...next);
    expect(order).toEqual([parents[1], parents[2], parents[0]]);
  });

  test('a full pool holds back its own tasks only, and a pool within another needs a slot of both', () => {
    const shell = new SimpleShell({ slots: 2 });
    const narrow = shell.scheduler.addPool(1, 0);
    const other = shell.scheduler.addPool(1);
    const [a, b, c] = range(3).map(() => shell.task({ pool: narrow, priority: 5 }));
    const [d, e] = range(2).map(() => shell.task());
    const f = shell.task({ pool: other });
    expect(shell.dispatch()).toEqual([a, d, f]);
    expect(shell.end(d!)).toEqual([e]);
    expect(shell.end(a!)).toEqual([b]);
    expect(shell.end(b!)).toEqual([c]);
  });

  test('fewer slots than are in use take none back, and let nothing start', () => {
    const shell = new SimpleShell({ slots: 3 });
    const tasks = range(5).map(() => shell.task());
    expect(shell.dispatch()).toEqual(tasks.slice(0, 3));
    shell.scheduler.setCapacity(0, 1);
    expect(shell.end(tasks[0]!)).toEqual([]);
    expect(shell.end(tasks[1]!)).toEqual([]);
    expect(shell.end(tasks[2]!)).toEqual([tasks[3]]);
  });

  test('beyond the slots goes what may go ahead, as far as there is room, and nothing overtakes what may not', () => {
    const short = new Set<number>();
    const shell = new SimpleShell({ slots: 1, mayGoAhead: (id) => short.has(id) });
    const [a, b, c, d, e] = range(5).map(() => shell.task());
    for (const id of [b, c, e]) short.add(id!);
    expect(shell.dispatch()).toEqual([a]);
    shell.scheduler.setAhead(0, 8);
    expect(shell.dispatch()).toEqual([b, c]);
    const deep = shell.task({ depth: 2 });
    short.add(deep);
    expect(shell.dispatch()).toEqual([deep]);
    expect([a, b, c].flatMap((id) => shell.end(id!))).toEqual([]);
    expect(shell.end(deep)).toEqual([d, e]);
  });

  test('there is no more room ahead than was given, and none in a pool of few within another', () => {
    const shell = new SimpleShell({ slots: 1 });
    const narrow = shell.scheduler.addPool(1, 0);
    shell.scheduler.setAhead(0, 2);
    const tasks = range(5).map((n) => shell.task({ pool: n < 3 ? narrow : 0 }));
    expect(shell.dispatch()).toEqual([tasks[0], tasks[3], tasks[4]]);
    expect(shell.end(tasks[3]!)).toEqual([]);
    shell.scheduler.setAhead(0, 0);
    expect(shell.end(tasks[4]!)).toEqual([]);
    expect(shell.end(tasks[0]!)).toEqual([tasks[1]]);
  });

  test('consumers of one run become ready in the order of their submission', () => {
    const shell = new SimpleShell({ slots: 1 });
    const source = shell.task();
    const consumers = range(4).map(() => shell.task({ consumes: [source] }));
    shell.dispatch();
    shell.end(source);
    const queued = shell.said.flatMap((said) =>
      said.op === 'transition' && said.to === STATE_CODE.queued ? [said.id] : [],
    );
    expect(queued).toEqual([source, ...consumers]);
  });

  test('nothing starts while held, and all of it after the release', () => {
    const shell = new SimpleShell({ slots: 4 });
    const tasks = range(3).map(() => shell.task());
    shell.scheduler.hold();
    expect(shell.scheduler.isHeld).toBe(true);
    expect(shell.dispatch()).toEqual([]);
    shell.scheduler.release();
    expect(shell.dispatch()).toEqual(tasks);
  });
});
