import { describe, expect, it } from 'vitest';
import { givenInputs } from '../../handles/testing/given-inputs.ts';
import { Beam } from '../../../test-fixtures/runners/beams.ts';
import * as tasks from '../../../test-fixtures/runners/contract-tasks.ts';
import type { RunnerFactory } from '../runner.ts';
import { SlotHost, valueOf } from './slot-host.ts';

/** Makes a factory of the runner under test, for `size` jobs at once. */
export type OpenRunner = (size: number) => RunnerFactory;

/** What every runner must do. */
export function runnerContract(name: string, open: OpenRunner): void {
  describe(`the contract of runners: ${name}`, () => {
    const host = (size: number): SlotHost => new SlotHost(open(size));

    it('gives the value of a synchronous and of an asynchronous task', async () => {
      await using slots = host(2);
      expect(await slots.value(tasks.add, 1, 2)).toBe(3);
      expect(await slots.value(tasks.addLater, 3, 4)).toBe(7);
      expect(await slots.value(tasks.thenable, 5)).toBe(5);
    });

    it('reads the values of its inputs, wherever they stand among the arguments', async () => {
      await using slots = host(1);
      const [one, two] = [Promise.resolve('not this'), Promise.resolve('nor this')];
      const inputs = givenInputs(
        [{ parts: [one, { two }], rest: 'as it is' }],
        new Map<object, unknown>([
          [one, 1],
          [two, [2]],
        ]),
      );
      const outcome = await slots.run(tasks.echo, [], { inputs });
      expect(valueOf(outcome)).toEqual({ parts: [1, { two: [2] }], rest: 'as it is' });
    });

    it('carries values of every kind', async () => {
      await using slots = host(1);
      const values = [
        undefined,
        null,
        12n,
        'Σ',
        new Date(5),
        new Map([['a', new Set([1])]]),
        new Float32Array([1, 2]),
        { deep: [{ x: Number.NaN }] },
        new URL('https://archive.example/a#b'),
        Buffer.from('bytes'),
        Object.assign(Object.create(null) as object, { bare: 1 }),
        // oxlint-disable-next-line no-sparse-arrays -- Holes are to stay holes.
        [1, , new URL('file:///x')],
        { beam: new Beam(2, 3), same: [Beam].map((Class) => new Class(1, 1)) },
        Object.assign(new RangeError('x', { cause: new URIError('y') }), { code: 'E', beam: new Beam(1, 2) }),
      ];
      for (const value of values) expect(await slots.value(tasks.echo, value)).toStrictEqual(value);
    });

    it('tells what a task throws, with all that the error carries', async () => {
      await using slots = host(1);
      const error = await slots.error(tasks.fail);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({
        name: 'CalibrationError',
        message: 'no solution',
        code: 'NO_SOLUTION',
        antenna: 7,
        cause: { name: 'RangeError', message: 'gain is zero' },
      });
      expect(error instanceof Error ? error.stack : '').toContain('contract-tasks.ts');
      expect(await slots.error(tasks.failLater)).toMatchObject({ message: 'no solution, later' });
      expect(await slots.error(tasks.throwValue)).toEqual({ reason: 'not an error', at: [1, 2] });
      expect(await slots.value(tasks.add, 1, 1)).toBe(2);
    });

    it('runs a thousand jobs, each once', async () => {
      await using slots = host(4);
      const outcomes = await Promise.all(
        Array.from({ length: 1000 }, (_, index) =>
          slots.run(index % 2 ? tasks.add : tasks.addLater, [index, 1]),
        ),
      );
      expect(outcomes.map(valueOf)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
      expect(slots.order).toHaveLength(1000);
    });

    it('passes on what a task says, in order, before its end', async () => {
      await using slots = host(2);
      const { id, outcome } = slots.submit(tasks.say, [10]);
      await outcome;
      expect(slots.sayings.filter((said) => said.id === id)).toEqual(
        Array.from({ length: 10 }, (_, index) => ({
          id,
          kind: 'log',
          body: { index },
          once: index === 0 ? 'first' : undefined,
        })),
      );
    });

    it('tells a task who it is, also after a wait', async () => {
      await using slots = host(1);
      const info = { runId: 'run-9', key: 'abc', name: 'me', attempt: 3 };
      const outcome = await slots.run(tasks.describeSelf, [], { info, attempt: 3 });
      expect(valueOf(outcome)).toEqual(info);
    });

    it('tells when the code began and ended', async () => {
      await using slots = host(1);
      const { id, outcome } = slots.submit(tasks.untilStopped, ['return']);
      expect(slots.runner.beganAt(id)).toBeUndefined();
      await slots.untilSaid(id);
      const began = slots.runner.beganAt(id) ?? Number.NaN;
      expect(began).toBeGreaterThan(0);
      slots.interrupt(id, new Error('stop'));
      await outcome;
      const timing = slots.timings.get(id);
      expect(timing?.beganMs).toBe(began);
      expect(timing?.endedMs).toBeGreaterThanOrEqual(began);
      expect(slots.runner.beganAt(id)).toBeUndefined();
    });

    it('ends a job that is interrupted before it began with the reason', async () => {
      await using slots = host(1);
      const { id, outcome } = slots.submit(tasks.say, [1]);
      const reason = new Error('cancelled');
      slots.interrupt(id, reason);
      expect(await outcome).toEqual({ type: 'threw', error: reason });
      expect(slots.sayings).toEqual([]);
      expect(await slots.value(tasks.add, 1, 1)).toBe(2);
    });

    it('aborts the signal of an interrupted job, and only of it', async () => {
      await using slots = host(2);
      const stopped = slots.submit(tasks.untilStopped, ['throw']);
      const other = slots.submit(tasks.untilStopped, ['return']);
      await Promise.all([slots.untilSaid(stopped.id), slots.untilSaid(other.id)]);
      const reason = new Error('timed out');
      slots.interrupt(stopped.id, reason);
      expect(await stopped.outcome).toEqual({ type: 'threw', error: reason });
      expect(slots.order).toEqual([stopped.id]);
      slots.interrupt(other.id, new Error('enough'));
      expect(valueOf(await other.outcome)).toBe('Error: enough');
    });

    it('ends a job that is given up, though its code never ends, and has room for another', async () => {
      await using slots = host(1);
      const { id, outcome } = slots.submit(tasks.forever);
      await slots.untilSaid(id);
      const reason = new Error('timed out');
      const late = slots.abandon(id, reason);
      expect(await outcome).toEqual({ type: 'forced', error: reason });
      expect(await slots.value(tasks.add, 1, 2)).toBe(3);
      expect(slots.order).toEqual([id, id + 1]);
      expect(late).toEqual([]);
    });

    it('never begins a job that is given up before', async () => {
      await using slots = host(1);
      const { id, outcome } = slots.submit(tasks.say, [1]);
      const reason = new Error('timed out');
      const late = slots.abandon(id, reason);
      expect(await outcome).toEqual({ type: 'forced', error: reason });
      expect(await slots.value(tasks.add, 1, 2)).toBe(3);
      expect([slots.sayings, late]).toEqual([[], []]);
    });

    it('tells what a job that is given up still comes to, once, beside its end', async () => {
      await using slots = host(2);
      const returns = slots.submit(tasks.untilStopped, ['return']);
      const throws = slots.submit(tasks.untilStopped, ['throw']);
      await Promise.all([slots.untilSaid(returns.id), slots.untilSaid(throws.id)]);
      const reason = new Error('timed out');
      const [value, error] = [slots.abandon(returns.id, reason), slots.abandon(throws.id, reason)];
      expect(await returns.outcome).toEqual({ type: 'forced', error: reason });
      expect(await throws.outcome).toEqual({ type: 'forced', error: reason });
      while (value.length + error.length < 2) await tasks.nextTurn();
      expect(value.map(valueOf)).toEqual(['Error: timed out']);
      expect(error).toMatchObject([{ type: 'threw', error: { message: 'an error of its own' } }]);
      expect(slots.order.toSorted((a, b) => a - b)).toEqual([returns.id, throws.id]);
    });

    it('takes no notice of an interrupt after the end', async () => {
      await using slots = host(1);
      const { id, outcome } = slots.submit(tasks.add, [1, 2]);
      await outcome;
      slots.interrupt(id, new Error('too late'));
      slots.interrupt(id + 1000, new Error('who?'));
      expect([
        ...slots.abandon(id, new Error('too late')),
        ...slots.abandon(id + 1000, new Error('who?')),
      ]).toEqual([]);
      expect(await slots.value(tasks.add, 2, 2)).toBe(4);
      expect(slots.order).toEqual([id, id + 1]);
    });

    it('gives the slot of a task that waits for those it has called to others: one is enough', async () => {
      await using slots = host(1);
      expect(await slots.value(tasks.depth, 5)).toBe(5);
      expect(await slots.value(tasks.sumOfChildren, 10)).toBe(55);
      expect(await slots.value(tasks.chainOfChildren)).toBe(3);
    });

    it('lets a task catch the failure of a task that it called', async () => {
      await using slots = host(1);
      expect(await slots.value(tasks.catchChild)).toEqual([
        'CalibrationError',
        'no solution, later',
        'NO_SOLUTION',
      ]);
    });

    it('carries asynchronous jobs side by side beyond its capacity, each with a scope, a signal and times of its own', async () => {
      await using slots = host(1);
      const beyond = { isBeyond: true };
      const waiting = [1, 2, 3, 4, 5].map((n) =>
        slots.submit(tasks.untilStopped, ['return'], {
          ...beyond,
          info: { runId: 'run-1', key: `key-${n}`, name: `job ${n}`, attempt: n },
        }),
      );
      await Promise.all(waiting.map(({ id }) => slots.untilSaid(id)));
      const ids = waiting.map(({ id }) => id);
      expect(ids.map((id) => slots.runner.beganAt(id))).toEqual(ids.map(() => expect.any(Number)));
      expect(await slots.value(tasks.add, 1, 2)).toBe(3);
      const infos = [6, 7].map((n) => ({ runId: 'run-1', key: `key-${n}`, name: 'me', attempt: n }));
      const selves = infos.map((info) => slots.run(tasks.describeSelf, [], { ...beyond, info }));
      expect((await Promise.all(selves)).map(valueOf)).toEqual(infos);
      const [first, ...others] = waiting.toReversed();
      slots.interrupt(first!.id, new Error('the last goes first'));
      expect(valueOf(await first!.outcome)).toBe('Error: the last goes first');
      expect(slots.order.filter((id) => ids.includes(id))).toEqual([first!.id]);
      for (const { id } of others) slots.interrupt(id, new Error(`stop ${id}`));
      const outcomes = await Promise.all(others.map(({ outcome }) => outcome));
      expect(outcomes.map(valueOf)).toEqual(others.map(({ id }) => `Error: stop ${id}`));
      for (const id of ids) expect(slots.timings.get(id)?.beganMs).toBeGreaterThan(0);
    });

    it('runs synchronous jobs while asynchronous ones wait, and those go on beside them', async () => {
      await using slots = host(1);
      const waiting = [1, 2, 3].map(() => slots.submit(tasks.sumOfChildren, [3], { isBeyond: true }));
      const sums = Array.from({ length: 20 }, (_, n) => slots.value(tasks.add, n, 1));
      expect(await Promise.all(sums)).toEqual(sums.map((_, n) => n + 1));
      expect((await Promise.all(waiting.map(({ outcome }) => outcome))).map(valueOf)).toEqual([6, 6, 6]);
    });

    it('executes code inside groups and loops in the task, each in a scope of its own', async () => {
      await using slots = host(1);
      expect(await slots.value(tasks.opensContainers)).toEqual({
        sum: 3,
        keys: ['key-0/group/part'],
        result: { value: 4, cycles: 3, reason: 'enough' },
        caught: 'in the group',
      });
      expect(slots.sayings.map(({ kind, body, once }) => [kind, body, once])).toEqual([
        ...[0, 1, 2].map((value) => ['metric', { name: 'snr', value, unit: '' }, 'metric snr']),
        ['exit', { reason: 'enough', cycles: 3 }, 'exit'],
      ]);
    });

    it('closes while jobs run: no end is told afterwards', async () => {
      await using slots = host(3);
      const waiting = [tasks.forever, tasks.forever].map((task) => slots.submit(task));
      await Promise.all(waiting.map(({ id }) => slots.untilSaid(id)));
      slots.submit(tasks.add, [1, 2]);
      const closing = slots.runner.close();
      await Promise.all([closing, slots.runner.close()]);
      await tasks.nextTurn();
      expect(slots.order).toEqual([]);
    });
  });
}
