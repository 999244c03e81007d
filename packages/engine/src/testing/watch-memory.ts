import { Scheduler } from '@sidereal/core';
import { vi } from 'vitest';

/** Bytes that a scheduler accounts for, as they were after each of its events. */
export interface MemoryWatch {
  /** Values alive, and copies beside them, at most. */
  alive: number;
  /** These, and what was expected, at most. */
  total: number;
  samples: number;
}

const EVENTS = ['attemptEnded', 'dispatch', 'loaded', 'submit', 'unwait', 'wait', 'inputLost'] as const;

/** Samples the ledger of every scheduler after each event, until the mocks are restored. */
export function watchMemory(): MemoryWatch {
  const watch: MemoryWatch = { alive: 0, total: 0, samples: 0 };
  for (const event of EVENTS) {
    const original = Scheduler.prototype[event] as (this: Scheduler, ...args: unknown[]) => unknown;
    vi.spyOn(Scheduler.prototype, event).mockImplementation(function sampled(
      this: Scheduler,
      ...args: unknown[]
    ) {
      const given = original.apply(this, args);
      const { alive, beside, total } = this.memory;
      watch.alive = Math.max(watch.alive, alive + beside);
      watch.total = Math.max(watch.total, total);
      watch.samples += 1;
      return given as never;
    } as never);
  }
  return watch;
}
