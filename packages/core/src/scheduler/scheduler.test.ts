import { describe, expect, test } from 'vitest';
import { STATE_CODE as S, stateOf } from '../states/state.ts';
import { SimpleShell } from '../testing/simple-shell.ts';
import { TRIGGER_RULES, type TriggerRule } from '../trigger-rule.ts';
import type { AttemptOutcome } from './instructions.ts';

const DONE: AttemptOutcome = { type: 'completed', bytes: 8 };
const FAILED = { type: 'failed', reason: 'error', message: 'no' } satisfies AttemptOutcome;
const RETRY: AttemptOutcome = { type: 'retry', delayMs: 1, reason: 'error', message: 'once more' };
const ruleOf = (rule: TriggerRule): number => TRIGGER_RULES.indexOf(rule);

const statesOf = (shell: SimpleShell, ids: readonly number[]): string[] =>
  ids.map((id) => stateOf(shell.stateOf(id)));

describe('the end of a node', () => {
  test('comes after the ends of its children, whatever its body returned', () => {
    const shell = new SimpleShell({ slots: 2 });
    const stage = shell.container();
    const child = shell.task({ parent: stage, depth: 2 });
    shell.dispatch();
    shell.scheduler.attemptEnded(stage, DONE);
    expect(statesOf(shell, [stage, child])).toEqual(['running', 'running']);
    shell.end(child);
    expect(statesOf(shell, [stage, child])).toEqual(['completed', 'completed']);
  });

  test('cancels the children if the body threw: unstarted ones end, running ones are interrupted', () => {
    const shell = new SimpleShell({ slots: 1 });
    const stage = shell.container();
    const [running, waiting] = [shell.task({ parent: stage }), shell.task({ parent: stage })];
    shell.dispatch();
    shell.scheduler.attemptEnded(stage, FAILED);
    expect(statesOf(shell, [stage, running, waiting])).toEqual(['running', 'cancelling', 'cancelled']);
    shell.end(running, { type: 'cancelled', reason: 'cancelled', message: 'stopped' });
    expect(statesOf(shell, [stage, running])).toEqual(['failed', 'cancelled']);
  });

  test('is a failure if it is given up, whatever its body has returned, once its children have stopped', () => {
    const shell = new SimpleShell({ slots: 1 });
    const [returned, executing] = [shell.container(), shell.container()];
    const running = shell.task({ parent: returned });
    const waiting = shell.task({ parent: executing });
    shell.dispatch();
    shell.scheduler.attemptEnded(returned, DONE);
    for (const stage of [returned, executing]) shell.scheduler.giveUp(stage, FAILED);
    expect(statesOf(shell, [returned, running, executing, waiting])).toEqual([
      'running',
      'cancelling',
      'failed',
      'cancelled',
    ]);
    shell.end(running, { type: 'cancelled', reason: 'abandoned', message: 'stopped' });
    expect(statesOf(shell, [returned])).toEqual(['failed']);
    shell.scheduler.giveUp(returned, { ...FAILED, message: 'again' });
    expect(statesOf(shell, [returned])).toEqual(['failed']);
  });

  test('of what is to be stopped is its cancellation, unless nobody knows what it has done', () => {
    const shell = new SimpleShell({ slots: 2 });
    const [fails, unknown] = [shell.task(), shell.task()];
    shell.dispatch();
    for (const id of [fails, unknown]) shell.scheduler.cancel(id, 'cancelled', 'enough');
    shell.end(fails, FAILED);
    shell.end(unknown, { type: 'failed', reason: 'outcome_unknown', message: 'given up' });
    expect(statesOf(shell, [fails, unknown])).toEqual(['cancelled', 'failed']);
  });

  test('is a failure if a child failed and nobody took care of that', () => {
    const shell = new SimpleShell({ slots: 9 });
    const outcomes = [
      { handled: false, isConsumed: false },
      { handled: true, isConsumed: false },
      { handled: false, isConsumed: true },
    ].map(({ handled, isConsumed }) => {
      const stage = shell.container({ handled: true });
      const child = shell.task({ parent: stage, handled });
      if (isConsumed) shell.task({ parent: stage, consumes: [child], rule: ruleOf('all_failed') });
      shell.scheduler.attemptEnded(stage, DONE);
      return { stage, child };
    });
    const failing = new Set(outcomes.map(({ child }) => child));
    shell.runDry((id) => (failing.has(id) ? FAILED : DONE));
    expect(
      statesOf(
        shell,
        outcomes.map(({ stage }) => stage),
      ),
    ).toEqual(['failed', 'completed', 'completed']);
    expect(shell.said).toContainEqual({
      op: 'transition',
      id: outcomes[0]!.stage,
      from: S.running,
      to: S.failed,
      reason: 'unhandled_failure',
      message: 'a failure beneath it that nothing handles',
    });
  });

  test('a consumer that fails for its input is itself to be handled', () => {
    const shell = new SimpleShell({ slots: 1 });
    const first = shell.task();
    const second = shell.task({ consumes: [first] });
    shell.runDry(() => FAILED);
    expect(statesOf(shell, [first, second])).toEqual(['failed', 'upstream_failed']);
    expect(shell.scheduler.unhandledOf(shell.root)).toBe(1);
    shell.scheduler.handle(second);
    expect(shell.scheduler.unhandledOf(shell.root)).toBe(0);
  });

  test('cascades down a chain, and up a nest, of any length', () => {
    const shell = new SimpleShell({ slots: 1, validate: false });
    const first = shell.task();
    let last = first;
    for (let i = 0; i < 200_000; i += 1) last = shell.task({ consumes: [last] });
    shell.dispatch();
    shell.end(first, FAILED);
    expect(statesOf(shell, [last])).toEqual(['upstream_failed']);

    const outermost = shell.container();
    let inner = outermost;
    for (let i = 0; i < 50_000; i += 1) {
      const next = shell.container({ parent: inner });
      shell.scheduler.attemptEnded(inner, DONE);
      inner = next;
    }
    shell.scheduler.attemptEnded(inner, DONE);
    expect(statesOf(shell, [outermost])).toEqual(['completed']);
  });

  test('cancel reaches the bottom of a nest of any depth', () => {
    const shell = new SimpleShell({ slots: 1, validate: false });
    const outermost = shell.container();
    let inner = outermost;
    for (let i = 0; i < 50_000; i += 1) inner = shell.container({ parent: inner });
    shell.scheduler.cancel(outermost, 'cancelled', 'enough');
    expect(statesOf(shell, [inner])).toEqual(['cancelling']);
  });
});

describe('retries', () => {
  test('number the attempts, and keep the count of an earlier execution', () => {
    const shell = new SimpleShell({ slots: 1 });
    const fresh = shell.task();
    const resumed = shell.task({ attempts: 2 });
    const stage = shell.container({ attempts: 1 });
    shell.dispatch();
    shell.end(fresh, RETRY);
    shell.scheduler.woken(fresh);
    shell.end(resumed);
    expect([fresh, resumed, stage].map((id) => shell.scheduler.attemptOf(id))).toEqual([2, 3, 2]);
    expect(statesOf(shell, [fresh, resumed, stage])).toEqual(['retrying', 'completed', 'retrying']);
  });

  test('number as many attempts as there are', () => {
    const shell = new SimpleShell({ slots: 1 });
    const id = shell.task({ attempts: 65_535 });
    shell.dispatch();
    expect(shell.scheduler.attemptOf(id)).toBe(65_536);
    expect(statesOf(shell, [id])).toEqual(['retrying']);
  });

  test('do not hold failures beneath the earlier attempt against the later, even if handled late', () => {
    const shell = new SimpleShell({ slots: 3 });
    const stage = shell.container();
    const early = shell.task({ parent: stage });
    shell.dispatch();
    shell.end(early, FAILED);
    shell.scheduler.attemptEnded(stage, RETRY);
    shell.scheduler.woken(stage);
    const late = shell.task({ parent: stage });
    shell.dispatch();
    shell.end(late, FAILED);
    shell.scheduler.handle(early);
    expect(shell.scheduler.unhandledOf(stage)).toBe(1);
    shell.scheduler.attemptEnded(stage, DONE);
    expect(statesOf(shell, [stage])).toEqual(['failed']);
  });

  test('do not remember what the earlier attempt waited for', () => {
    const shell = new SimpleShell({ slots: 1 });
    const parent = shell.task();
    shell.dispatch();
    shell.scheduler.wait(parent);
    shell.scheduler.wait(parent);
    shell.scheduler.attemptEnded(parent, RETRY);
    shell.scheduler.woken(parent);
    shell.dispatch();
    shell.scheduler.wait(parent);
    expect(shell.scheduler.active).toBe(0);
    expect(shell.scheduler.unwait(parent)).toBe(false);
  });

  test('end a late call of the attempt that is over at once', () => {
    const shell = new SimpleShell({ slots: 3 });
    const stage = shell.container();
    shell.scheduler.attemptEnded(stage, RETRY);
    const late = shell.task({ parent: stage });
    const later = shell.task({ parent: stage, consumes: [late] });
    expect(statesOf(shell, [stage, late, later])).toEqual(['awaiting_retry', 'cancelled', 'cancelled']);
  });
});

describe('a run that waits', () => {
  test('lets any nest of tasks through one slot', () => {
    const shell = new SimpleShell({ slots: 1 });
    const nest = [shell.task()];
    for (let level = 1; level < 20; level += 1) {
      const parent = nest.at(-1)!;
      expect(shell.dispatch()).toEqual([parent]);
      nest.push(shell.task({ parent, depth: level + 1 }));
      shell.scheduler.wait(parent);
    }
    expect(shell.dispatch()).toEqual([nest.at(-1)]);
    for (const id of nest.toReversed()) {
      const next = shell.end(id);
      expect(next).toEqual([]);
      const parent = nest[nest.indexOf(id) - 1];
      if (parent === undefined) break;
      shell.scheduler.unwait(parent);
      shell.dispatch();
    }
    expect(new Set(statesOf(shell, nest))).toEqual(new Set(['completed']));
  });

  test('gives the slot back only with the last of several waits', () => {
    const shell = new SimpleShell({ slots: 1 });
    const parent = shell.task();
    shell.dispatch();
    shell.scheduler.wait(parent);
    shell.scheduler.wait(parent);
    expect(shell.scheduler.unwait(parent)).toBe(true);
    expect(shell.dispatch()).toEqual([]);
    expect(shell.scheduler.unwait(parent)).toBe(false);
    expect(shell.dispatch()).toEqual([parent]);
  });

  test('a run cancelled while it waits for its slot goes on at once, to learn of it', () => {
    const shell = new SimpleShell({ slots: 1 });
    const [parent, other] = [shell.task(), shell.task()];
    shell.dispatch();
    shell.scheduler.wait(parent);
    expect(shell.dispatch()).toEqual([other]);
    expect(shell.scheduler.unwait(parent)).toBe(false);
    shell.scheduler.cancel(parent, 'cancelled', 'enough');
    expect(shell.absorb()).toEqual([parent]);
    expect(shell.scheduler.active).toBe(1);
  });

  test('is `waiting` until it has its slot again, and goes on without beginning an attempt', () => {
    const shell = new SimpleShell({ slots: 1 });
    const id = shell.task();
    shell.dispatch();
    shell.end(id, RETRY);
    shell.scheduler.woken(id);
    shell.dispatch();
    shell.absorb();
    shell.said.length = 0;
    shell.scheduler.wait(id);
    expect(statesOf(shell, [id])).toEqual(['waiting']);
    expect(shell.scheduler.unwait(id)).toBe(false);
    expect(statesOf(shell, [id])).toEqual(['waiting']);
    shell.dispatch();
    expect(statesOf(shell, [id])).toEqual(['retrying']);
    expect(shell.scheduler.attemptOf(id)).toBe(2);
    expect(shell.said).toEqual([
      { op: 'transition', id, from: S.retrying, to: S.waiting, reason: '', message: '' },
      { op: 'continue', id, from: S.waiting, to: S.retrying },
    ]);
  });

  test('is `waiting` too once its code has returned, for what it has called and not awaited', () => {
    const shell = new SimpleShell({ slots: 1 });
    const parent = shell.task();
    shell.dispatch();
    const child = shell.task({ parent, depth: 2 });
    expect(shell.end(parent)).toEqual([child]);
    expect(statesOf(shell, [parent, child])).toEqual(['waiting', 'running']);
    shell.end(child);
    expect(statesOf(shell, [parent, child])).toEqual(['completed', 'completed']);
  });

  test('containers are never `waiting`', () => {
    const shell = new SimpleShell({ slots: 1 });
    const stage = shell.container();
    shell.scheduler.wait(stage);
    expect(statesOf(shell, [stage])).toEqual(['running']);
    expect(shell.scheduler.awaitedBy(stage)).toBe(1);
    expect(shell.scheduler.unwait(stage)).toBe(true);
    shell.task({ parent: stage });
    shell.scheduler.attemptEnded(stage, DONE);
    expect(statesOf(shell, [stage])).toEqual(['running']);
  });

  test('once cancelled it is `cancelling`, and stays so whatever it waits for', () => {
    const shell = new SimpleShell({ slots: 1 });
    const parent = shell.task();
    shell.dispatch();
    shell.scheduler.wait(parent);
    shell.scheduler.cancel(parent, 'cancelled', 'enough');
    expect(statesOf(shell, [parent])).toEqual(['cancelling']);
    expect(shell.scheduler.unwait(parent)).toBe(true);
    shell.scheduler.wait(parent);
    expect(statesOf(shell, [parent])).toEqual(['cancelling']);
  });
});

describe('a task that was to be stopped and completed', () => {
  test('keeps its value', () => {
    const shell = new SimpleShell({ slots: 1 });
    const id = shell.task();
    shell.dispatch();
    shell.scheduler.cancel(id, 'cancelled', 'enough');
    shell.end(id, DONE);
    expect(statesOf(shell, [id])).toEqual(['completed']);
  });

  test('is cancelled if its children were', () => {
    const shell = new SimpleShell({ slots: 1 });
    const id = shell.task();
    shell.dispatch();
    shell.task({ parent: id, depth: 2 });
    shell.scheduler.cancel(id, 'cancelled', 'enough');
    shell.end(id, DONE);
    expect(statesOf(shell, [id])).toEqual(['cancelled']);
  });
});

describe('a lost value', () => {
  /** A producer that has ended and whose value was spilled, and a consumer that was about to execute. */
  function lost(
    rule: TriggerRule,
    after: boolean,
  ): { shell: SimpleShell; producer: number; consumer: number } {
    const shell = new SimpleShell({ slots: 4, budget: 100 });
    const stage = shell.container();
    const producer = shell.task({ parent: stage, declaredBytes: 10 });
    const other = shell.task({ declaredBytes: 10 });
    shell.scheduler.attemptEnded(stage, DONE);
    const consumer = shell.task({
      consumes: [producer, other],
      after: after ? [producer] : [],
      rule: ruleOf(rule),
      declaredBytes: 30,
    });
    shell.dispatch();
    shell.end(producer, DONE);
    if (shell.running.includes(other)) shell.end(other, DONE);
    shell.scheduler.spilled(producer);
    shell.scheduler.inputLost(consumer, producer);
    shell.absorb();
    return { shell, producer, consumer };
  }

  test('puts its consumer back to wait, without slot, reservation or a spent attempt', () => {
    const { shell, producer, consumer } = lost('all_success', true);
    expect(statesOf(shell, [consumer])).toEqual(['pending']);
    expect(shell.scheduler.active).toBe(0);
    expect(shell.scheduler.memory.reserved).toBe(0);
    shell.scheduler.recompute(producer, []);
    expect(shell.dispatch()).toEqual([producer]);
    expect(shell.end(producer, DONE)).toEqual([consumer]);
    expect(shell.scheduler.attemptOf(consumer)).toBe(1);
    expect(shell.scheduler.attemptOf(producer)).toBe(2);
  });

  test('is waited for even under a rule that would start without it', () => {
    const { shell, producer, consumer } = lost('one_success', false);
    shell.scheduler.recompute(producer, []);
    expect(shell.dispatch()).toEqual([producer]);
    expect(statesOf(shell, [consumer])).toEqual(['pending']);
    expect(shell.end(producer, FAILED)).toEqual([consumer]);
  });

  test('that somebody else has computed again already is waited for too', () => {
    const shell = new SimpleShell({ slots: 4 });
    const [slow, quick] = [shell.task(), shell.task()];
    shell.dispatch();
    shell.end(slow, DONE);
    shell.scheduler.recompute(slow, []);
    const consumer = shell.task({ consumes: [slow, quick], rule: ruleOf('one_success') });
    expect(shell.end(quick, DONE)).toEqual([consumer, slow]);
    shell.scheduler.inputLost(consumer, slow);
    expect(shell.dispatch()).toEqual([]);
    expect(shell.end(slow, DONE)).toEqual([consumer]);
  });

  test('of a producer that had failed counts once, however the next attempt ends', () => {
    const shell = new SimpleShell({ slots: 4 });
    const [bad, good] = [shell.task({ handled: true }), shell.task()];
    const consumer = shell.task({ consumes: [bad, good], rule: ruleOf('one_success') });
    shell.dispatch();
    shell.end(bad, FAILED);
    expect(shell.end(good, DONE)).toEqual([consumer]);
    shell.scheduler.recompute(bad, []);
    shell.scheduler.inputLost(consumer, bad);
    expect(shell.dispatch()).toEqual([bad]);
    expect(shell.end(bad, FAILED)).toEqual([consumer]);
  });

  test('is recomputed within the reach of cancel, and of the end of the run, though its stage has ended', () => {
    const { shell, producer, consumer } = lost('all_success', false);
    shell.scheduler.recompute(producer, []);
    shell.dispatch();
    shell.scheduler.cancel(shell.root, 'cancelled', 'enough');
    shell.scheduler.attemptEnded(shell.root, DONE);
    expect(statesOf(shell, [shell.root, producer, consumer])).toEqual([
      'cancelling',
      'cancelling',
      'cancelled',
    ]);
    shell.end(producer, { type: 'cancelled', reason: 'cancelled', message: 'stopped' });
    expect(statesOf(shell, [shell.root, producer])).toEqual(['cancelled', 'cancelled']);
  });
});

describe('what an earlier execution has ended', () => {
  test('enters its state at once and serves its consumers', () => {
    const shell = new SimpleShell({ slots: 4 });
    const { scheduler } = shell;
    const plain = { parent: 0, pool: 0, rule: 0, priority: 0, depth: 1, nameId: 0, declaredBytes: -1 };
    const adopted = scheduler.adopt({ ...plain, consumes: [], after: [], handled: false }, S.completed, 3);
    const failed = scheduler.adopt({ ...plain, consumes: [], after: [], handled: false }, S.failed, 1);
    expect(shell.absorb()).toEqual([]);
    expect(scheduler.attemptOf(adopted)).toBe(3);
    expect(scheduler.isAlive(adopted)).toBe(false);
    expect(scheduler.unhandledOf(shell.root)).toBe(1);
    const [good, bad] = [shell.task({ consumes: [adopted] }), shell.task({ consumes: [failed] })];
    expect(shell.dispatch()).toEqual([good]);
    expect(statesOf(shell, [bad])).toEqual(['upstream_failed']);
  });
});

describe('forgetting', () => {
  test('reuses the id, and is refused while anything needs the node', () => {
    const shell = new SimpleShell({ slots: 1 });
    const id = shell.task();
    shell.scheduler.retain(id);
    shell.scheduler.forget(id);
    shell.dispatch();
    shell.end(id, DONE);
    shell.scheduler.forget(id);
    expect(shell.task()).not.toBe(id);
    shell.scheduler.unretain(id);
    shell.scheduler.forget(id);
    shell.scheduler.forget(id);
    expect(shell.task()).toBe(id);
    expect(shell.task()).not.toBe(id);
  });

  test('an id that waited in one pool before waits only in its own pool after', () => {
    const shell = new SimpleShell({ slots: 0 });
    const { scheduler } = shell;
    const open = scheduler.addPool(1);
    const first = shell.task();
    shell.dispatch();
    scheduler.cancel(first, 'cancelled', 'enough');
    scheduler.forget(first);
    const [again, other] = [shell.task({ pool: open }), shell.task({ pool: open })];
    expect(again).toBe(first);
    scheduler.setCapacity(0, 5);
    expect(shell.dispatch()).toEqual([again]);
    expect(shell.end(again)).toEqual([other]);
  });
});

describe('a task that takes its slot elsewhere', () => {
  test('leaves the one that it had to the next, and waits for none where it is', () => {
    const shell = new SimpleShell({ slots: 1 });
    const wide = shell.scheduler.addPool(2);
    const [first, second, third] = [shell.task(), shell.task(), shell.task()];
    shell.dispatch();
    expect(statesOf(shell, [first, second, third])).toEqual(['running', 'queued', 'queued']);
    shell.scheduler.move(first, wide);
    shell.scheduler.move(third, wide);
    shell.dispatch();
    expect(statesOf(shell, [first, second, third])).toEqual(['running', 'running', 'queued']);
    expect(shell.scheduler.pools.map(({ used }) => used)).toEqual([1, 1]);
    shell.end(first);
    shell.end(second);
    expect(statesOf(shell, [first, second, third])).toEqual(['completed', 'completed', 'running']);
    expect(shell.scheduler.pools.map(({ used }) => used)).toEqual([1, 0]);
  });
});
