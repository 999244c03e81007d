import { SiderealError } from '@sidereal/core/errors';
import { readInputs } from '../../handles/job-inputs.ts';
import { packErrors } from '../cloning/packed-errors.ts';
import { findUncloneable } from '../cloning/uncloneable.ts';
import { contentsOf } from '../cloning/value-contents.ts';
import type { Job } from '../runner.ts';
import type { ThreadJob } from './protocol.ts';
import type { RunningJob } from './running-job.ts';

/** A job as its thread is told of it: the values of its inputs are read here, to be copied. */
export function threadJob({ job, task, ticket }: RunningJob): ThreadJob {
  const args = readInputs(job.inputs);
  const isPacked = contentsOf(args).hasErrors;
  const { runId, key, name, attempt } = job.info;
  return {
    ticket,
    task: task.address.index,
    args: isPacked ? packErrors(args) : args,
    isPacked,
    info: { runId, key, name, attempt },
  };
}

/** Why a job cannot be told to its thread. */
export function uncloneableArgument({ inputs, task }: Job, cause: unknown): SiderealError {
  const args = readInputs(inputs);
  const index = args.findIndex((arg) => findUncloneable(arg) !== undefined);
  const uncloneable = findUncloneable(args[index]);
  const which = index < 0 ? 'an argument' : `argument ${index + 1}`;
  const inside = uncloneable === undefined || uncloneable.path === '' ? '' : ` (its ${uncloneable.path})`;
  return new SiderealError(
    'UNCLONEABLE_ARGUMENT',
    `${which}${inside} of task '${task.name}' is ${uncloneable?.what ?? 'something'}, which cannot go to another thread`,
    {
      at: task.at,
      cause,
      remedy:
        "Pass plain data and build the rest inside the task, or run it on the flow's own thread: on: 'inline'.",
    },
  );
}
