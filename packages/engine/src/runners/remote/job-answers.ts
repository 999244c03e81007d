import { SiderealError } from '@sidereal/core/errors';
import type { ClassNames } from '../../data/packed-object.ts';
import {
  decodeOutcome,
  encodeThrew,
  thrownParcel,
  untransferable,
  type EncodedOutcome,
} from '../cloning/encoded-outcome.ts';
import { openParcel, parcelOf } from '../cloning/parcel.ts';
import type { RemoteRequest } from '../request.ts';
import { asError } from '../../errors/journal-error.ts';
import type { Job, RunnerHost } from '../runner.ts';
import type { FromJob, ToJob } from './job-messages.ts';

/** Where the messages of a job come from, as its runner sees it. */
export interface JobChannel {
  readonly job: Job;
  /** False once the job has ended, or has gone elsewhere: answers have nowhere to go. */
  readonly isOpen: boolean;
  /** Throws if the message cannot be cloned. */
  send(message: ToJob): void;
  /** Where classes are found. */
  readonly names: ClassNames;
  /** The job cannot go on: what it asks for cannot be read. */
  fail(error: Error): void;
  /** The job waits for others now; each wait is told, and its end. */
  waits(): void;
  goesOn(): void;
}

/** The flow's end of the channel between a job and its run: hands requests to the host, and answers back. */
export function answerJob(host: RunnerHost, channel: JobChannel, message: FromJob): void {
  const { id } = channel.job;
  switch (message.type) {
    case 'performed': {
      const request = openRequest(message, channel);
      if (request !== undefined) host.performed(id, request);
      break;
    }
    case 'awaited':
      void answerWait(host, channel, message);
      break;
    case 'opened':
      void answerOpened(host, channel, message);
      break;
    case 'bodyEnded':
      host.bodyEnded(id, message.number, decodeOutcome(message.outcome, channel.names));
      break;
  }
}

function openRequest(
  { number, under, operation }: Extract<FromJob, { type: 'performed' }>,
  channel: JobChannel,
): RemoteRequest | undefined {
  try {
    // A parcel gives back what was put into it.
    return {
      number,
      under,
      operation: openParcel(operation, channel.names, channel.job.task.at) as RemoteRequest['operation'],
    };
  } catch (error) {
    channel.fail(asError(error));
    return undefined;
  }
}

async function answerWait(
  host: RunnerHost,
  channel: JobChannel,
  { wait, number, item, sinceMs }: Extract<FromJob, { type: 'awaited' }>,
): Promise<void> {
  channel.waits();
  const { job, names } = channel;
  let value: unknown;
  let outcome: EncodedOutcome;
  try {
    value = await host.awaited(job.id, number, item, sinceMs);
    const parcel = parcelOf(value, names);
    outcome =
      parcel === undefined
        ? encodeThrew(uncloneableValue(channel, value, undefined), names)
        : { type: 'returned', parcel };
  } catch (error) {
    outcome = encodeThrew(error, names);
  }
  if (!channel.isOpen) return;
  channel.goesOn();
  try {
    channel.send({ type: 'settled', wait, outcome });
  } catch (cause) {
    const error = uncloneableValue(channel, value, cause);
    channel.send({ type: 'settled', wait, outcome: encodeThrew(error, names) });
  }
}

async function answerOpened(
  host: RunnerHost,
  channel: JobChannel,
  { wait, number }: Extract<FromJob, { type: 'opened' }>,
): Promise<void> {
  let answer: ToJob;
  try {
    const { runId, key, name, attempt } = await host.begun(channel.job.id, number);
    answer = { type: 'begun', wait, info: { runId, key, name, attempt } };
  } catch (error) {
    answer = { type: 'unopened', wait, reason: thrownParcel(error, channel.names) };
  }
  if (channel.isOpen) channel.send(answer);
}

function uncloneableValue({ job, names }: JobChannel, value: unknown, cause: unknown): SiderealError {
  const { path, what } = untransferable(value, 'value', names);
  return new SiderealError(
    'UNCLONEABLE_RESULT',
    `a value that task '${job.task.name}' awaits cannot go to another thread: ${path} is ${what}`,
    { at: job.task.at, cause, remedy: 'Return plain data from tasks whose values are awaited on threads.' },
  );
}
