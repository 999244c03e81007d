import { SiderealError } from '@sidereal/core/errors';
import {
  decodeOutcome,
  encodeReturned,
  encodeThrew,
  type EncodedOutcome,
} from '../cloning/encoded-outcome.ts';
import { unpackErrors } from '../cloning/packed-errors.ts';
import { encodeThrown } from '../cloning/thrown.ts';
import { findUncloneable } from '../cloning/uncloneable.ts';
import type { Job, RunnerHost } from '../runner.ts';
import type { FromJob, ToJob } from './job-messages.ts';

/** Where the messages of a job come from, as its runner sees it. */
export interface JobChannel {
  readonly job: Job;
  /** False once the job has ended, or has gone elsewhere: answers have nowhere to go. */
  readonly isOpen: boolean;
  /** Throws if the message cannot be cloned. */
  send(message: ToJob): void;
  /** The job waits for others now; each wait is told, and its end. */
  waits(): void;
  goesOn(): void;
}

/** The flow's end of the channel between a job and its run: hands requests to the host, and answers back. */
export function answerJob(host: RunnerHost, channel: JobChannel, message: FromJob): void {
  const { id } = channel.job;
  switch (message.type) {
    case 'performed': {
      const { request, isPacked } = message;
      if (isPacked) unpackErrors(request.operation);
      host.performed(id, request);
      break;
    }
    case 'awaited':
      void answerWait(host, channel, message);
      break;
    case 'opened':
      void answerOpened(host, channel, message);
      break;
    case 'bodyEnded':
      host.bodyEnded(id, message.number, decodeOutcome(message.outcome));
      break;
  }
}

async function answerWait(
  host: RunnerHost,
  channel: JobChannel,
  { wait, number, item }: Extract<FromJob, { type: 'awaited' }>,
): Promise<void> {
  channel.waits();
  let outcome: EncodedOutcome;
  try {
    outcome = encodeReturned(await host.awaited(channel.job.id, number, item));
  } catch (error) {
    outcome = encodeThrew(error);
  }
  if (!channel.isOpen) return;
  channel.goesOn();
  try {
    channel.send({ type: 'settled', wait, outcome });
  } catch (cause) {
    channel.send({
      type: 'settled',
      wait,
      outcome: encodeThrew(uncloneableValue(channel.job, outcome, cause)),
    });
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
    answer = { type: 'unopened', wait, reason: encodeThrown(error) };
  }
  if (channel.isOpen) channel.send(answer);
}

function uncloneableValue({ task }: Job, outcome: EncodedOutcome, cause: unknown): SiderealError {
  const uncloneable = outcome.type === 'returned' ? findUncloneable(outcome.value) : undefined;
  return new SiderealError(
    'UNCLONEABLE_RESULT',
    `a value that task '${task.name}' awaits${uncloneable?.path ? ` (its ${uncloneable.path})` : ''} is ${uncloneable?.what ?? 'something'}, which cannot go to another thread`,
    { at: task.at, cause, remedy: 'Return plain data from tasks whose values are awaited on threads.' },
  );
}
