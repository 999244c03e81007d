import { describe, expect, test } from 'vitest';
import { STATE_CODE } from '../states/state.ts';
import { SimpleShell } from '../testing/simple-shell.ts';
import { checkInvariants } from './invariants.ts';
import { ALIVE, CONTAINER, COUNTED, LOADING, REACQUIRING, SLOTTED, WITHHELD } from './node-columns.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * A flow with a value alive (1), a run (2), one that consumes it (3), a failure nobody handled (4), a task that is
 * queued (5), one that is waiting (6) and one that holds a resource (7).
 */
function sample(): Scheduler {
  const shell = new SimpleShell({ slots: 3 });
  const [value, running] = [shell.task({ declaredBytes: 10 }), shell.task({ declaredBytes: 20 })];
  shell.task({ consumes: [value, running] });
  const failing = shell.task();
  shell.scheduler.retain(value);
  shell.dispatch();
  shell.end(value, { type: 'completed', bytes: 10 });
  shell.end(failing, { type: 'failed', reason: 'error', message: 'no' });
  shell.task({ pool: shell.scheduler.addPool(0) });
  const waiting = shell.task();
  shell.dispatch();
  shell.scheduler.wait(waiting);
  const gpu = shell.scheduler.claims.addResource('gpu', 2);
  shell.task({ claims: shell.scheduler.claims.setOf([{ resource: gpu, amount: 2 }]) });
  shell.dispatch();
  return shell.scheduler;
}

describe('checkInvariants', () => {
  test('finds nothing wrong in a scheduler that nobody meddled with', () => {
    expect(() => checkInvariants(sample())).not.toThrow();
  });

  test.each<[string, (scheduler: Scheduler) => void]>([
    ['open children', ({ nodes }) => (nodes.openChildren[0]! += 1)],
    ['unhandled failures', ({ nodes }) => (nodes.unhandled[0]! += 1)],
    ['listed failures', ({ nodes }) => (nodes.firstCounted[0] = -1)],
    ['a failure counted that is not listed', ({ nodes }) => nodes.set(1, COUNTED)],
    ['consumers', ({ nodes }) => (nodes.consumers[1]! -= 1)],
    ['a value alive before its end', ({ nodes }) => nodes.set(2, ALIVE)],
    ['bytes alive', ({ memory }) => (memory.alive += 1)],
    ['bytes reserved', ({ memory }) => (memory.reserved -= 1)],
    ['runs of unknown size', ({ memory }) => (memory.unknown += 1)],
    ['bytes loading', ({ memory }) => (memory.loading += 1)],
    ['bytes below nothing', ({ nodes }) => (nodes.bytes[3] = -1)],
    ['a value that is alive and brought back', ({ nodes }) => nodes.set(1, LOADING)],
    ['a value brought back of what has not ended', ({ nodes }) => nodes.set(2, LOADING)],
    ['one that is withheld and does not wait', ({ nodes }) => nodes.set(2, WITHHELD)],
    ['an amount taken', ({ claims }) => (claims.resources[0]!.used -= 1)],
    ['a holder that is none', ({ claims }) => claims.resources[0]!.holders.add(2)],
    ['a holder that is missing', ({ claims }) => claims.resources[0]!.holders.delete(7)],
    ['more taken than there is', ({ claims }) => (claims.resources[0]!.capacity = 1)],
    ['an amount kept for nobody', ({ claims }) => claims.keep(1)],
    ['a queue that nobody looks at', ({ queues }) => (queues[1]!.isListed = false)],
    ['slots used', ({ pools }) => (pools[0]!.used += 1)],
    ['a slot held that is not counted', ({ nodes }) => nodes.clear(2, SLOTTED)],
    ['a container with a slot', ({ nodes }) => nodes.set(2, CONTAINER)],
    ['a wish for a slot that waits nowhere', ({ nodes }) => nodes.set(1, REACQUIRING)],
    ['a queued node in no heap', ({ nodes }) => (nodes.heapAt[5] = -1)],
    ['tallies beyond the upstream', ({ nodes }) => (nodes.failed[3] = 9)],
    ['an end with inputs kept', ({ nodes }) => (nodes.state[3] = STATE_CODE.skipped)],
    ['a task that executes without a slot', ({ nodes }) => (nodes.state[6] = STATE_CODE.running)],
    ['a task that is waiting and has a slot', ({ nodes }) => (nodes.state[2] = STATE_CODE.waiting)],
    ['a container that is waiting', ({ nodes }) => (nodes.state[0] = STATE_CODE.waiting)],
    ['a task that is waiting for nothing', ({ nodes }) => (nodes.awaited[6] = 0)],
    ['a wish for a slot of one that is not waiting', ({ nodes }) => nodes.set(5, REACQUIRING)],
    ['a run without an attempt', ({ nodes }) => (nodes.attempt[2] = 0)],
  ])('finds %s', (_what, meddle) => {
    const scheduler = sample();
    meddle(scheduler);
    expect(() => checkInvariants(scheduler)).toThrow(expect.objectContaining({ code: 'INVARIANT_BROKEN' }));
  });
});
