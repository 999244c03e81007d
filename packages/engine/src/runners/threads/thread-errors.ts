import { SiderealError } from '@sidereal/core/errors';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { Job, JobOutcome } from '../runner.ts';
import { thrownMessage } from '../../errors/thrown-message.ts';

/** The task cannot be found from another thread. */
export function closureOnThreads(task: TaskDefinition): SiderealError {
  const why =
    task.module === ''
      ? 'its code belongs to no module that a thread could import'
      : 'it is defined inside a function, or twice under one name';
  return new SiderealError(
    'CLOSURE_ON_THREADS',
    `task '${task.name}' cannot run on a worker thread: ${why}`,
    {
      at: task.at,
      remedy:
        'Define it once, at module level, and pass what it needs as arguments; ' +
        "or run it on the flow's own thread: on: 'inline'.",
    },
  );
}

/** How a thread ended, and how many jobs it had begun. */
export interface LostThread {
  readonly error: unknown;
  readonly exitCode: number;
  readonly jobs: number;
}

/** What becomes of a job whose thread has ended under it. One of several begins again alone: any may be why. */
export function lostThread(task: TaskDefinition, { error: cause, exitCode, jobs }: LostThread): JobOutcome {
  const { how, remedy } = explain(cause);
  if (jobs > 1) {
    const why = `the thread that it shared with ${jobs - 1} others was lost: ${how}; it begins again on one of its own`;
    return { type: 'displaced', why, isSuspect: true };
  }
  const message = `the thread that ran task '${task.name}' was lost: ${how} (exit code ${exitCode})`;
  return {
    type: 'crashed',
    error: new SiderealError('THREAD_LOST', message, { at: task.at, cause, remedy }),
  };
}

function explain(cause: unknown): { readonly how: string; readonly remedy: string } {
  if (cause === undefined) {
    return {
      how: 'it was ended from outside, or by native code',
      remedy:
        'If native code (an addon, WebAssembly) ends it, run the task in a process of its own: see its own messages.',
    };
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      how: 'it ran out of memory',
      remedy: 'Make the pieces smaller, or give threads more memory: node --max-old-space-size=MEGABYTES.',
    };
  }
  return {
    how: thrownMessage(cause),
    remedy: 'Look at the cause.',
  };
}

/** Threads end before they can take a job. */
export function threadStartFailed(cause: unknown): SiderealError {
  return new SiderealError(
    'THREAD_START_FAILED',
    `worker threads end before they are up: ${thrownMessage(cause)}`,
    {
      cause,
      remedy: 'Look at the cause; run `sidereal doctor` to check the installation, memory and limits.',
    },
  );
}

/** Every thread that may be had is waiting for a task that would need one more. */
export function tooDeepOnThreads(job: Job, threads: number): SiderealError {
  return tooDeep(job, `finds no thread: all ${threads} wait for tasks that they have called`);
}

/** Tasks on threads have called tasks on threads, most likely one itself. */
export function calledTooDeep(job: Job, deepest: number): SiderealError {
  return tooDeep(job, `is called ${deepest} tasks deep: one that calls itself must come to an end`);
}

function tooDeep({ task, calledAt }: Job, what: string): SiderealError {
  return new SiderealError('TOO_DEEP_ON_THREADS', `task '${task.name}' ${what}`, {
    at: calledAt ?? task.at,
    remedy: "Nest less deeply, or call from a stage or a task with on: 'inline', which may go deeper.",
  });
}
