import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE_CODE } from '../states/state.ts';
import { SimpleShell } from '../testing/simple-shell.ts';

/**
 * Adjacent items combined in pairs, level by level, an odd one carried up: submitted as the leaves come, as a
 * reduce does. Returns the root.
 */
function submitTree(leaves: number, submit: (consumes: readonly number[]) => number): number {
  const waiting: (number | undefined)[] = [];
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    let carry = submit([]);
    let level = 0;
    for (let other = waiting[level]; other !== undefined; other = waiting[level]) {
      carry = submit([other, carry]);
      waiting[level] = undefined;
      level += 1;
    }
    waiting[level] = carry;
  }
  return waiting.filter((node) => node !== undefined).reduce((carry, node) => submit([node, carry]));
}

interface Reduction {
  readonly leaves: number;
  readonly slots: number;
  readonly budget: number;
  readonly isDeclared: boolean;
  /** Chooses which of the running tasks ends next. */
  readonly choices: readonly number[];
}

/** Runs a reduction of results of one byte each; returns how many bytes were alive or being made at most. */
function peakOf({ leaves, slots, budget, isDeclared, choices }: Reduction): number {
  const shell = new SimpleShell({ slots, budget, validate: false });
  const { scheduler } = shell;
  const declaredBytes = isDeclared ? 1 : -1;
  const root = submitTree(leaves, (consumes) =>
    shell.task({ consumes, declaredBytes, nameId: consumes.length === 0 ? 1 : 2 }),
  );
  scheduler.retain(root);
  let peak = 0;
  let step = 0;
  shell.dispatch();
  while (shell.running.length > 0) {
    // What runs is making one byte, whether or not the scheduler knows that yet.
    peak = Math.max(peak, scheduler.memory.alive + shell.running.length);
    const choice = choices[step % choices.length] ?? 0;
    step += 1;
    shell.end(shell.running[choice % shell.running.length]!, { type: 'completed', bytes: 1 });
  }
  expect(shell.stateOf(root)).toBe(STATE_CODE.completed);
  expect(scheduler.memory).toMatchObject({ alive: 1, reserved: 0 });
  return peak;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const levelsOf = (leaves: number): number => Math.ceil(Math.log2(leaves));

const anyReduction = fc.record({
  leaves: fc.integer({ min: 2, max: 200 }),
  slots: fc.integer({ min: 1, max: 9 }),
  budget: fc.integer({ min: 0, max: 20 }),
  isDeclared: fc.constant(true),
  choices: fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
});

describe('a tree reduction within a memory budget', () => {
  /*
   * Within the budget k a leaf starts only if it fits; each of s running combinations may add one result of its
   * own. Beyond it, one leaf starts when nothing runs: the leaves before it are then combined as far as they go,
   * into one result a level at most.
   */
  test('never has more than max(k, levels + 1) + slots results, in whatever order tasks end', () => {
    fc.assert(
      fc.property(anyReduction, (reduction) => {
        const bound = Math.max(reduction.budget, levelsOf(reduction.leaves) + 1) + reduction.slots;
        expect(peakOf(reduction)).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 400 },
    );
  });

  test('whose sizes are learned goes beyond that by the tasks that run before the first has ended', () => {
    fc.assert(
      fc.property(anyReduction, (declared) => {
        const reduction = { ...declared, isDeclared: false };
        const bound = Math.max(reduction.budget, levelsOf(reduction.leaves) + 1) + 2 * reduction.slots;
        expect(peakOf(reduction)).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 400 },
    );
  });

  /* Each running task keeps apart at most one result a level, beside those of the leaves in order. */
  test('stays small without any budget, because it goes deep first', () => {
    fc.assert(
      fc.property(anyReduction, (bounded) => {
        const reduction = { ...bounded, budget: Number.POSITIVE_INFINITY };
        const bound = (reduction.slots + 1) * (levelsOf(reduction.leaves) + 1);
        expect(peakOf(reduction)).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 400 },
    );
  });

  test('of 100,000 leaves on 16 slots holds a few dozen results', () => {
    const reduction = {
      leaves: 100_000,
      slots: 16,
      budget: 24,
      isDeclared: true,
      choices: [3, 1, 4, 1, 5, 9, 2, 6],
    };
    expect(peakOf(reduction)).toBeLessThanOrEqual(24 + 16);
  });
});

describe('what does not fit', () => {
  const said = (shell: SimpleShell): string[] =>
    shell.said
      .filter(({ op }) => op === 'lacks' || op === 'spill' || op === 'overshoot')
      .map((one) => (one.op === 'lacks' ? `lacks ${one.claim}` : one.op));

  test('starts at once, and says so, when there is nothing to spill', () => {
    const shell = new SimpleShell({ slots: 2, budget: 50 });
    const big = shell.task({ declaredBytes: 80 });
    expect(shell.dispatch()).toEqual([big]);
    expect(shell.said.slice(-3)).toEqual([
      { op: 'lacks', id: big, claim: 'memory', resource: -1 },
      { op: 'overshoot', id: big, bytes: 30 },
      expect.objectContaining({ op: 'transition', id: big, to: STATE_CODE.running }),
    ]);
  });

  test('waits while anything runs, then for a spill, then starts within the budget if that sufficed', () => {
    const shell = new SimpleShell({ slots: 2, budget: 100 });
    const { scheduler } = shell;
    const first = shell.task({ declaredBytes: 60 });
    const second = shell.task({ declaredBytes: 60 });
    scheduler.retain(first);
    expect(shell.dispatch()).toEqual([first]);
    scheduler.attemptEnded(first, { type: 'completed', bytes: 60 });
    scheduler.dispatch();
    expect(scheduler.take().at(-1)).toEqual({ op: 'spill', bytes: 20 });
    scheduler.dispatch();
    expect(scheduler.take()).toEqual([]);
    scheduler.spilled(first);
    scheduler.spillDone();
    expect(shell.dispatch()).toEqual([second]);
    expect(said(shell)).toEqual(['lacks memory']);
    expect(scheduler.memory).toMatchObject({ alive: 0, reserved: 60 });
  });

  test('starts beyond the budget if nothing could be spilled: of equally deep ones the one submitted first', () => {
    const shell = new SimpleShell({ slots: 4, budget: 100 });
    const first = shell.task({ declaredBytes: 60 });
    shell.scheduler.retain(first);
    shell.dispatch();
    const [second, third] = [shell.task({ declaredBytes: 70 }), shell.task({ declaredBytes: 70 })];
    expect(shell.end(first, { type: 'completed', bytes: 60 })).toEqual([second]);
    expect(said(shell)).toEqual(['lacks memory', 'lacks memory', 'spill', 'overshoot']);
    expect(shell.end(second, { type: 'completed', bytes: 70 })).toEqual([third]);
  });

  test('goes by depth when something must go, not by age', () => {
    const shell = new SimpleShell({ slots: 2, budget: 10 });
    const source = shell.task({ declaredBytes: 10 });
    shell.scheduler.retain(source);
    shell.dispatch();
    const fresh = shell.task({ declaredBytes: 30 });
    const consumer = shell.task({ declaredBytes: 20, consumes: [source] });
    expect(shell.end(source, { type: 'completed', bytes: 10 })).toEqual([consumer]);
    expect(shell.end(consumer)).toEqual([fresh]);
  });

  test('is a consumer too, if it makes more than it frees', () => {
    const shell = new SimpleShell({ slots: 3, budget: 100 });
    const [config, array] = [shell.task({ declaredBytes: 0 }), shell.task({ declaredBytes: 90 })];
    shell.dispatch();
    const maker = shell.task({ declaredBytes: 40, consumes: [config] });
    expect(shell.end(config, { type: 'completed', bytes: 1 })).toEqual([]);
    expect(said(shell)).toEqual(['lacks memory']);
    expect(shell.end(array, { type: 'completed', bytes: 90 })).toEqual([maker]);
  });

  test('lets pass what frees at least as much as it makes, within a fifth beyond the budget', () => {
    const shell = new SimpleShell({ slots: 11, budget: 100 });
    const gate = shell.task({ declaredBytes: 0 });
    const arrays = range(10).map(() => shell.task({ declaredBytes: 10 }));
    shell.dispatch();
    const users = arrays.map((array) => shell.task({ declaredBytes: 10, consumes: [array, gate] }));
    for (const array of arrays) shell.end(array, { type: 'completed', bytes: 10 });
    const deep = shell.task({ declaredBytes: 10, depth: 9 });
    // All is alive that may be, and the deep one would add to it.
    expect(shell.end(gate)).toEqual([users[0], users[1]]);
    expect(shell.stateOf(deep)).toBe(STATE_CODE.queued);
    expect(shell.end(users[0]!)).toEqual([users[2], users[3]]);
    shell.runDry();
    expect(shell.started.slice(-1)).toEqual([deep]);
  });

  test('never keeps back what makes nothing, nor what makes little of much', () => {
    const shell = new SimpleShell({ slots: 9, budget: 4096 });
    const [array, other] = [shell.task({ declaredBytes: 4000 }), shell.task({ declaredBytes: 4000 })];
    for (const id of [array, other]) shell.scheduler.retain(id);
    shell.dispatch();
    shell.end(array, { type: 'completed', bytes: 4000 });
    shell.end(other, { type: 'completed', bytes: 4000 });
    const nothing = shell.task({ declaredBytes: 0 });
    const little = shell.task({ declaredBytes: 4, consumes: [array] });
    const adds = shell.task({ declaredBytes: 4, consumes: [other] });
    shell.scheduler.unretain(array);
    expect(shell.dispatch()).toEqual([little, nothing]);
    expect(shell.stateOf(adds)).toBe(STATE_CODE.queued);
  });

  test('counts what has to be brought back for it, once', () => {
    const shell = new SimpleShell({ slots: 4, budget: 100 });
    const { scheduler } = shell;
    const source = shell.task({ declaredBytes: 60 });
    scheduler.retain(source);
    shell.dispatch();
    shell.end(source, { type: 'completed', bytes: 60 });
    scheduler.spilled(source);
    const [one, two, three] = range(3).map(() => shell.task({ declaredBytes: 20, consumes: [source] }));
    expect(shell.dispatch()).toEqual([one, two]);
    expect(scheduler.memory).toMatchObject({ alive: 0, reserved: 40, loading: 60 });
    scheduler.loaded(source, 60);
    expect(scheduler.memory).toMatchObject({ alive: 60, reserved: 40, loading: 0 });
    expect(shell.end(one!)).toEqual([three]);
  });

  test('of unknown size is taken to make what it was said to, until one of its name has ended', () => {
    const shell = new SimpleShell({ slots: 9, budget: 80, unknownBytes: 20 });
    const tasks = range(9).map(() => shell.task({ nameId: 4 }));
    expect(shell.dispatch()).toEqual(tasks.slice(0, 4));
    expect(shell.end(tasks[0]!, { type: 'completed', bytes: 1 })).toEqual([tasks[4], ...tasks.slice(5)]);
  });

  test('may turn out to: that is said once, and again after all was within the budget', () => {
    const shell = new SimpleShell({ slots: 9, budget: 100 });
    const tasks = range(3).map((nameId) => shell.task({ nameId }));
    for (const id of tasks) shell.scheduler.retain(id);
    shell.dispatch();
    for (const id of tasks) shell.end(id, { type: 'completed', bytes: 70 });
    const exceeded = (): unknown[] => shell.said.filter(({ op }) => op === 'exceeded');
    expect(exceeded()).toEqual([{ op: 'exceeded', id: tasks[1], bytes: 40 }]);
    for (const id of tasks) shell.scheduler.spilled(id);
    shell.scheduler.loaded(tasks[2]!, 150);
    shell.absorb();
    expect(exceeded().slice(1)).toEqual([{ op: 'exceeded', id: tasks[2], bytes: 50 }]);
  });
});

describe('a value', () => {
  const drops = (shell: SimpleShell): number[] =>
    shell.said.flatMap((said) => (said.op === 'drop' ? [said.id] : []));

  test('is dropped when its last consumer has ended and nobody holds it', () => {
    const shell = new SimpleShell({ slots: 3 });
    const source = shell.task();
    const consumers = [shell.task({ consumes: [source] }), shell.task({ consumes: [source] })];
    shell.scheduler.retain(source);
    shell.dispatch();
    shell.end(source, { type: 'completed', bytes: 8 });
    shell.end(consumers[0]!, { type: 'failed', reason: 'error', message: 'no' });
    shell.scheduler.unretain(source);
    shell.absorb();
    expect(drops(shell)).toEqual([]);
    shell.scheduler.retain(consumers[1]!);
    shell.end(consumers[1]!);
    expect(drops(shell)).toEqual([source]);
    expect(shell.scheduler.isAlive(source)).toBe(false);
  });

  test('is kept for a consumer that waits for its retry', () => {
    const shell = new SimpleShell({ slots: 1 });
    const source = shell.task();
    const consumer = shell.task({ consumes: [source] });
    shell.dispatch();
    shell.end(source, { type: 'completed', bytes: 8 });
    shell.end(consumer, { type: 'retry', delayMs: 5, reason: 'error', message: 'once more' });
    expect(shell.said.at(-1)).toEqual({ op: 'wake', id: consumer, delayMs: 5 });
    expect(shell.scheduler.isAlive(source)).toBe(true);
    shell.scheduler.woken(consumer);
    expect(shell.dispatch()).toEqual([consumer]);
    expect(shell.scheduler.attemptOf(consumer)).toBe(2);
  });

  test('is expected to be as large as the largest of its name lately', () => {
    const shell = new SimpleShell({ slots: 1 });
    const { memory } = shell.scheduler;
    expect([memory.knows(7), memory.estimate(7, -1), memory.estimate(7, 12)]).toEqual([false, 0, 12]);
    const sizes = [100, 10, 10, 500].map((bytes) => {
      shell.task({ nameId: 7 });
      shell.runDry(() => ({ type: 'completed', bytes }));
      return memory.estimate(7, -1);
    });
    expect(sizes).toEqual([100, 91, 83, 500]);
    expect(memory.knows(7)).toBe(true);
  });
});
