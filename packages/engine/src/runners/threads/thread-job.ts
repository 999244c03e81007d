import { SiderealError } from '@sidereal/core/errors';
import { findUntransferable } from '../../data/obstacles.ts';
import type { ClassNames } from '../../data/packed-object.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { readInputs } from '../../handles/job-inputs.ts';
import { untransferable } from '../cloning/encoded-outcome.ts';
import { parcelOf } from '../cloning/parcel.ts';
import type { Job } from '../runner.ts';
import type { ThreadJob } from './protocol.ts';
import type { RunningJob } from './running-job.ts';

const BEHIND = { isBehind: true } as const;
const ASYNC = { isAsync: true } as const;

/**
 * A job as its thread is told of it: the values of its inputs are read here, to be copied. Throws
 * `UNCLONEABLE_ARGUMENT`.
 */
export function threadJob(running: RunningJob<unknown>, names: ClassNames): ThreadJob {
  const { job, task, ticket, isBehind } = running;
  const args = parcelOf(readInputs(job.inputs), names);
  if (args === undefined) throw uncloneableArgument(job, names, undefined);
  const { runId, key, name, attempt } = job.info;
  return {
    ticket,
    idx: job.idx,
    task: task.address.index,
    args,
    info: { runId, key, name, attempt },
    // Every field costs its name in each message: what is rare is left out.
    ...(isBehind ? BEHIND : undefined),
    ...(task.isAsync ? ASYNC : undefined),
  };
}

/** Why a job cannot be told to its thread. */
export function uncloneableArgument({ inputs, task }: Job, names: ClassNames, cause: unknown): SiderealError {
  return refused(task, untransferable(readInputs(inputs), 'args', names), task.at, cause);
}

/** Why a call's arguments, futures aside, could never be told to a thread; undefined if they could, as far as is known. */
export function refusedArguments(
  task: TaskDefinition,
  args: readonly unknown[],
  names: ClassNames,
  at: () => string | undefined,
): SiderealError | undefined {
  const obstacle = findUntransferable(args, 'args', (prototype) => names.addressOf(prototype) !== undefined);
  return obstacle === undefined ? undefined : refused(task, obstacle, at() ?? task.at, undefined);
}

function refused(
  task: TaskDefinition,
  { path, what }: { readonly path: string; readonly what: string },
  at: string,
  cause: unknown,
): SiderealError {
  return new SiderealError(
    'UNCLONEABLE_ARGUMENT',
    `${path} of task '${task.name}' is ${what}, which cannot go to another thread`,
    {
      at,
      cause,
      remedy:
        'Pass plain data, or instances of classes that are nothing but their fields and that a module exports; ' +
        "build the rest inside the task, or run it on the flow's own thread: on: 'inline'.",
    },
  );
}
