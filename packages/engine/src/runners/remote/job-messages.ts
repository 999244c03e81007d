/**
 * What a job that executes elsewhere and the flow's side say to each other: plain data, each message a structured
 * clone. Which channel carries them, and how a job is told from others there, is the runner's affair.
 */
import type { ScopeInfo } from '../../context/operation.ts';
import type { ClassAddress } from '../../data/packed-object.ts';
import type { EncodedOutcome } from '../cloning/encoded-outcome.ts';
import type { Parcel } from '../cloning/parcel.ts';
import type { RemoteRequest } from '../request.ts';

/** From the job's code to the flow's side. */
export type FromJob =
  | (Omit<RemoteRequest, 'operation'> & { readonly type: 'performed'; readonly operation: Parcel })
  /** It waits for the future of an operation; `wait` numbers the waits of a job. */
  | {
      readonly type: 'awaited';
      readonly wait: number;
      readonly number: number;
      readonly item: number | undefined;
      /** When: the flow's thread may have been busy since. */
      readonly sinceMs: number;
    }
  /** It asks to be told when code inside a container is to be executed. */
  | { readonly type: 'opened'; readonly wait: number; readonly number: number }
  /** The code inside a container has ended. */
  | { readonly type: 'bodyEnded'; readonly number: number; readonly outcome: EncodedOutcome };

/** From the flow's side to the job's code. */
export type ToJob =
  | { readonly type: 'settled'; readonly wait: number; readonly outcome: EncodedOutcome }
  | { readonly type: 'begun'; readonly wait: number; readonly info: ScopeInfo }
  /** The container could not be opened: who awaits it learns why. */
  | { readonly type: 'unopened'; readonly wait: number; readonly reason: Parcel }
  /** The job should stop. */
  | { readonly type: 'abort'; readonly reason: Parcel };

const NONE: readonly ClassAddress[] = [];

/** Classes of the instances in a message. */
export function classesIn(message: FromJob | ToJob): readonly ClassAddress[] {
  switch (message.type) {
    case 'performed':
      return message.operation.classes ?? NONE;
    case 'bodyEnded':
    case 'settled':
      return message.outcome.parcel.classes ?? NONE;
    case 'unopened':
    case 'abort':
      return message.reason.classes ?? NONE;
    case 'awaited':
    case 'opened':
    case 'begun':
      return NONE;
  }
}
