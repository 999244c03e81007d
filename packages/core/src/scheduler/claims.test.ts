import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE_CODE } from '../states/state.ts';
import { SimpleShell } from '../testing/simple-shell.ts';
import { Claims } from './claims.ts';
import type { Instruction } from './instructions.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const lacks = (shell: SimpleShell): Instruction[] => shell.said.filter(({ op }) => op === 'lacks');

describe('a set of claims', () => {
  test('is the same number for the same claims in any order, and 0 for none', () => {
    const claims = new Claims();
    const [a, b] = [claims.addResource('a', 4), claims.addResource('b', 2)];
    const both = claims.setOf([
      { resource: a, amount: 1 },
      { resource: b, amount: 2 },
    ]);
    const turned = claims.setOf([
      { resource: b, amount: 2 },
      { resource: a, amount: 1 },
    ]);
    expect([claims.setOf([]), turned === both, claims.setOf([{ resource: a, amount: 2 }]) === both]).toEqual([
      0,
      true,
      false,
    ]);
  });
});

describe('named resources', () => {
  test('are held as long as the slot is, and never more than there is', () => {
    const shell = new SimpleShell({ slots: 9 });
    const gpu = shell.scheduler.claims.addResource('gpu', 2);
    const one = shell.scheduler.claims.setOf([{ resource: gpu, amount: 1 }]);
    const [a, b, c] = range(3).map(() => shell.task({ claims: one }));
    expect(shell.dispatch()).toEqual([a, b]);
    expect([...(shell.scheduler.claims.resources[gpu]?.holders ?? [])]).toEqual([a, b]);
    expect(lacks(shell)).toEqual([{ op: 'lacks', id: c, claim: 'resource', resource: gpu }]);
    expect(shell.end(b!)).toEqual([c]);
  });

  test('hold back nobody who does not need them', () => {
    const shell = new SimpleShell({ slots: 3 });
    const gpu = shell.scheduler.claims.addResource('gpu', 1);
    const one = shell.scheduler.claims.setOf([{ resource: gpu, amount: 1 }]);
    const [a, b] = range(2).map(() => shell.task({ claims: one, depth: 5 }));
    const others = range(3).map(() => shell.task());
    expect(shell.dispatch()).toEqual([a, others[0], others[1]]);
    expect(shell.end(others[0]!)).toEqual([others[2]]);
    expect(shell.end(a!)).toEqual([b]);
  });

  test('are yielded by a task that waits for what it called, and taken again before it goes on', () => {
    const shell = new SimpleShell({ slots: 4 });
    const gpu = shell.scheduler.claims.addResource('gpu', 1);
    const claims = shell.scheduler.claims.setOf([{ resource: gpu, amount: 1 }]);
    const parent = shell.task({ claims });
    shell.dispatch();
    const child = shell.task({ claims, parent, depth: 2 });
    const other = shell.task({ claims });
    shell.scheduler.wait(parent);
    expect(shell.dispatch()).toEqual([child]);
    shell.scheduler.attemptEnded(child, { type: 'completed', bytes: 0 });
    expect(shell.scheduler.unwait(parent)).toBe(false);
    shell.absorb();
    expect(shell.dispatch()).toEqual([parent]);
    expect(shell.end(parent)).toEqual([other]);
  });

  test('are kept for the first that lacks them as they come free', () => {
    const shell = new SimpleShell({ slots: 9 });
    const gpu = shell.scheduler.claims.addResource('gpu', 2);
    const [one, two] = [1, 2].map((amount) => shell.scheduler.claims.setOf([{ resource: gpu, amount }]));
    const [a, b] = range(2).map(() => shell.task({ claims: one! }));
    shell.dispatch();
    const wide = shell.task({ claims: two!, depth: 2 });
    const narrow = range(4).map(() => shell.task({ claims: one! }));
    expect(shell.dispatch()).toEqual([]);
    expect(shell.end(a!)).toEqual([]);
    expect(shell.end(b!)).toEqual([wide]);
    expect(shell.end(wide)).toEqual([narrow[0], narrow[1]]);
  });

  test('that it has enough of are kept too while it lacks another, but no slot is', () => {
    const shell = new SimpleShell({ slots: 2 });
    const [gpu, disk] = [
      shell.scheduler.claims.addResource('gpu', 1),
      shell.scheduler.claims.addResource('gpu', 1),
    ];
    const { claims } = shell.scheduler;
    const onlyGpu = claims.setOf([{ resource: gpu, amount: 1 }]);
    const onlyDisk = claims.setOf([{ resource: disk, amount: 1 }]);
    const both = claims.setOf([
      { resource: gpu, amount: 1 },
      { resource: disk, amount: 1 },
    ]);
    const holder = shell.task({ claims: onlyGpu });
    shell.dispatch();
    const wide = shell.task({ claims: both, depth: 3 });
    shell.task({ claims: onlyDisk });
    const [plain, late] = range(2).map(() => shell.task());
    expect(shell.dispatch()).toEqual([plain]);
    expect(shell.end(plain!)).toEqual([late]);
    expect(shell.end(holder)).toEqual([wide]);
  });

  test('and slots: what is lacking is said once for each, a slot only if nothing else is', () => {
    const shell = new SimpleShell({ slots: 1 });
    const gpu = shell.scheduler.claims.addResource('gpu', 1);
    const claims = shell.scheduler.claims.setOf([{ resource: gpu, amount: 1 }]);
    const wide = shell.scheduler.addPool(9);
    const holder = shell.task({ claims, pool: wide });
    const [first, second] = [shell.task({ claims, pool: wide }), shell.task()];
    const blocked = shell.task();
    shell.dispatch();
    const third = shell.task();
    for (const _ of range(3)) shell.dispatch();
    expect(shell.running).toEqual([holder, second]);
    expect(lacks(shell)).toEqual([{ op: 'lacks', id: first, claim: 'resource', resource: gpu }]);
    const reasons = [blocked, third].map(
      (id) =>
        shell.said.flatMap((said) =>
          said.op === 'transition' && said.id === id && said.to === STATE_CODE.queued ? [said.reason] : [],
        )[0],
    );
    expect(reasons).toEqual(['slot', 'slot']);
  });
});

interface Crowd {
  readonly slots: number;
  readonly capacities: readonly number[];
  readonly tasks: readonly (readonly [depth: number, priority: number, amounts: readonly number[]])[];
  readonly choices: readonly number[];
}

const anyCrowd: fc.Arbitrary<Crowd> = fc.record({
  slots: fc.integer({ min: 1, max: 5 }),
  capacities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  tasks: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(0, 0, 0, 1),
      fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 40 },
  ),
  choices: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
});

describe('in any crowd', () => {
  /*
   * The model: whoever is first among all that wait can only be made to wait longer by those that run already. So no
   * one that starts while it waits may leave less of what it needs than it needs.
   */
  test('nobody starves: what the first of all needs is never taken by another', () => {
    fc.assert(
      fc.property(anyCrowd, ({ slots, capacities, tasks, choices }) => {
        const shell = new SimpleShell({ slots });
        const { scheduler } = shell;
        for (const capacity of capacities) scheduler.claims.addResource('gpu', capacity);
        const amountOf = new Map<number, readonly number[]>();
        const submitted: number[] = [];
        const submit = (): void => {
          const next = tasks[submitted.length];
          if (next === undefined) return;
          const [depth, priority, wishes] = next;
          const amounts = capacities.map((capacity, at) => Math.min(wishes[at] ?? 0, capacity));
          const claims = amounts
            .map((amount, resource) => ({ resource, amount }))
            .filter(({ amount }) => amount > 0);
          const id = shell.task({ depth, priority, claims: scheduler.claims.setOf(claims) });
          amountOf.set(id, amounts);
          submitted.push(id);
        };
        const firstOf = (): number | undefined =>
          submitted
            .filter((id) => shell.stateOf(id) === STATE_CODE.queued)
            .toSorted(
              (a, b) =>
                scheduler.nodes.priority[b]! - scheduler.nodes.priority[a]! ||
                scheduler.depthOf(b) - scheduler.depthOf(a) ||
                a - b,
            )[0];
        const free = (resource: number): number => {
          const { capacity, used } = scheduler.claims.resources[resource]!;
          return capacity - used;
        };
        for (const choice of choices) {
          for (let count = choice % 3; count > 0; count -= 1) submit();
          const started = shell.dispatch();
          const first = firstOf();
          if (first !== undefined) {
            const isHeldUp = amountOf.get(first)!.some((amount, at) => free(at) < amount);
            const isFull = scheduler.pools[0]!.used === slots;
            expect(isHeldUp || isFull).toBe(true);
            for (const id of started)
              for (const [at, amount] of amountOf.get(first)!.entries())
                if (amount > 0 && amountOf.get(id)![at]! > 0 && isLater(shell, id, first))
                  expect(free(at)).toBeGreaterThanOrEqual(amount);
          }
          for (const at of capacities.keys()) expect(free(at)).toBeGreaterThanOrEqual(0);
          const ending = shell.running[choice % Math.max(shell.running.length, 1)];
          if (ending !== undefined) shell.end(ending);
        }
        while (submitted.length < tasks.length) submit();
        shell.runDry();
        expect(submitted.filter((id) => shell.stateOf(id) !== STATE_CODE.completed)).toEqual([]);
        expect(scheduler.claims.resources.map(({ used }) => used)).toEqual(capacities.map(() => 0));
      }),
      { numRuns: 300 },
    );
  });
});

/** Does `a` come after `b` in the order in which they are to go? */
function isLater({ scheduler }: SimpleShell, a: number, b: number): boolean {
  const { priority, depth } = scheduler.nodes;
  const by = priority[a]! - priority[b]! || depth[a]! - depth[b]! || b - a;
  return by < 0;
}
