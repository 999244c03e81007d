import type { SiderealError } from '@sidereal/core';
import type { Scope } from '../context/scope.ts';

/** Signals by which a run is asked to stop. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** What befalls the process while runs are alive in it, as people are told. */
export type ProcessEvent =
  /** The first signal: the run is being cancelled. */
  | { readonly type: 'cancelling'; readonly signal: StopSignal }
  /** A further one: the process ends now, and the run is interrupted. */
  | { readonly type: 'ending'; readonly signal: StopSignal }
  /** Somebody's code held the thread of the flow, which is free again. */
  | { readonly type: 'held'; readonly message: string }
  /** Somebody asks what is going on. */
  | { readonly type: 'status'; readonly lines: readonly string[] }
  /** The program ends the process: the run is interrupted. */
  | { readonly type: 'exit'; readonly error: SiderealError };

/** A run that is alive in this process, as what befalls the process concerns it. */
export interface LiveRun {
  readonly flow: string;
  /** Its id, once it is recorded that it exists. */
  readonly id: string | undefined;
  /** Signals are for the run even if the program has handlers of its own. */
  readonly ownsSignals: boolean;
  cancel(reason: string): void;
  /** Tells people, as whoever started the run wants it. */
  tell(event: ProcessEvent): void;
  /** What is under way in it, a line each. */
  status(): readonly string[];
  /** Does the code of this scope belong to it? */
  owns(scope: Scope): boolean;
  /** Records a remark at the code of this scope; at the flow, if there is none. */
  remark(scope: Scope | undefined, body: Readonly<Record<string, unknown>>): void;
  /**
   * An error that nothing has caught, thrown in this scope: records it there and says so, unless the program itself
   * hears of it (`isSaid`). `isTakenLate`: has somebody taken the rejection by now, though nobody had at first?
   */
  strayed(scope: Scope | undefined, error: unknown, isSaid: boolean, isTakenLate: () => boolean): void;
  /** The engine itself has failed. */
  failed(error: unknown): void;
  /** Commits what is recorded so far and gives up the lease, before this returns. False: it could not be. */
  interrupt(): boolean;
}
