/**
 * What a job that executes elsewhere and the flow's side say to each other: plain data, each message a structured
 * clone. Which channel carries them, and how a job is told from others there, is the runner's affair.
 */
import type { ErrorRecord } from '@sidereal/core';
import type { ScopeInfo } from '../../context/operation.ts';
import type { EncodedOutcome } from '../cloning/encoded-outcome.ts';
import type { RemoteRequest } from '../request.ts';

/** From the job's code to the flow's side. */
export type FromJob =
  /** `isPacked`: the request holds errors, packed by `packErrors`. */
  | { readonly type: 'performed'; readonly request: RemoteRequest; readonly isPacked: boolean }
  /** It waits for the future of an operation; `wait` numbers the waits of a job. */
  | {
      readonly type: 'awaited';
      readonly wait: number;
      readonly number: number;
      readonly item: number | undefined;
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
  | { readonly type: 'unopened'; readonly wait: number; readonly reason: ErrorRecord }
  /** The job should stop. */
  | { readonly type: 'abort'; readonly reason: ErrorRecord };
