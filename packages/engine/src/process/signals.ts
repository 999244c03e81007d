/**
 * Signals to a process in which runs are alive: one implementation for the command line and for `node flow.ts`.
 *
 * | signal | first | again |
 * | --- | --- | --- |
 * | SIGINT | every run is cancelled | the process ends with 130 |
 * | SIGTERM, SIGHUP, SIGUSR1 | the same | the process ends with 143 |
 * | SIGUSR2 | what is under way is said on stderr | the same |
 *
 * Handlers are there from the start of the first run to the end of the last, and never where a program has its own,
 * unless the run owns signals, as under the command line. Two exceptions, because of what happens without a handler:
 * SIGUSR1 would open Node's inspector, and the first process of a PID namespace would hear nothing at all. So
 * SIGUSR1, and there all of them, are handled from when the package is loaded; with no run alive they end the process.
 */
import { isMainThread } from 'node:worker_threads';
import { STOP_SIGNALS, type LiveRun, type StopSignal } from './live-run.ts';
import { SignalHandle, type StoppableSignal } from './signal-handle.ts';

const STATUS_SIGNAL = 'SIGUSR2';
/** What the kernel's default action would make the exit code. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGUSR1: 138, SIGTERM: 143 } as const;
/** Signals that the flow's thread gives back to the system while it is held and cannot hear them. */
const GIVEN_BACK: readonly StoppableSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface SignalHost {
  readonly runs: ReadonlySet<LiveRun>;
  /** Ends the process now: what is recorded stays. */
  end(code: number): void;
}

export class Signals {
  readonly #host: SignalHost;
  readonly #always: readonly StopSignal[];
  readonly #installed = new Set<string>();
  /** Of those that can be given back. */
  readonly #handles = new Map<string, SignalHandle>();
  #isAsked = false;
  #isGivenBack = false;

  constructor(host: SignalHost) {
    this.#host = host;
    this.#always = isMainThread ? (process.pid === 1 ? STOP_SIGNALS : ['SIGUSR1']) : [];
    for (const signal of this.#always) this.#install(signal);
  }

  /** The first run begins. */
  open(): void {
    if (!isMainThread) return;
    this.#isAsked = false;
    process.on('removeListener', this.#forget);
    for (const signal of [...STOP_SIGNALS, STATUS_SIGNAL]) this.#install(signal);
  }

  /** The last run has ended. */
  close(): void {
    this.#isGivenBack = false;
    for (const signal of this.#installed) {
      if (!this.#always.some((kept) => kept === signal)) this.#remove(signal);
    }
    process.off('removeListener', this.#forget);
    for (const signal of this.#always) this.#install(signal);
  }

  /**
   * The flow's thread is held and hears nothing: the next SIGINT, SIGTERM or SIGHUP is to have the system's own
   * effect, which is the end of the process. One that has come before is heard once the thread is free. False where
   * it cannot: a program has handlers of its own, or this is the first process of its PID namespace, which the kernel
   * ends by SIGKILL only.
   */
  giveBack(): boolean {
    if (!isMainThread || process.pid === 1) return false;
    this.#isGivenBack = true;
    const own = GIVEN_BACK.filter((signal) => process.listenerCount(signal) === 1);
    const handles = own.map((signal) => this.#handles.get(signal)).filter((handle) => handle !== undefined);
    for (const handle of handles) handle.stop();
    return handles.length === GIVEN_BACK.length;
  }

  /** The flow's thread hears again. */
  takeAgain(): void {
    if (!this.#isGivenBack) return;
    this.#isGivenBack = false;
    for (const handle of this.#handles.values()) handle.start();
  }

  #install(signal: string): void {
    if (this.#installed.has(signal)) return;
    this.#installed.add(signal);
    const stoppable = GIVEN_BACK.find((one) => one === signal);
    if (stoppable === undefined) {
      process.on(signal, this.#heard);
      return;
    }
    const handle = SignalHandle.listen(stoppable, this.#heard);
    if (handle !== undefined) this.#handles.set(signal, handle);
  }

  #remove(signal: string): void {
    if (this.#installed.delete(signal)) process.off(signal, this.#heard);
  }

  /** With its last listener, whoever takes that away, Node.js closes the handle. */
  readonly #forget = (signal: string | symbol, listener: unknown): void => {
    if (typeof signal === 'string' && listener === this.#heard) this.#handles.delete(signal);
  };

  readonly #heard = (signal: NodeJS.Signals): void => {
    const isOfProgram = process.listenerCount(signal) > 1;
    const runs = [...this.#host.runs].filter(({ ownsSignals }) => ownsSignals || !isOfProgram);
    if (signal === STATUS_SIGNAL) {
      for (const run of runs) run.tell({ type: 'status', lines: run.status() });
    } else if (isStopSignal(signal)) {
      this.#stop(signal, runs, isOfProgram);
    }
  };

  #stop(signal: StopSignal, runs: readonly LiveRun[], isOfProgram: boolean): void {
    if (this.#host.runs.size === 0) {
      if (!isOfProgram) this.#host.end(SIGNAL_EXIT[signal]);
      return;
    }
    if (runs.length === 0) return;
    if (this.#isAsked) {
      for (const run of runs) run.interrupt();
      for (const run of runs) run.tell({ type: 'ending', signal });
      this.#host.end(signal === 'SIGINT' ? SIGNAL_EXIT.SIGINT : SIGNAL_EXIT.SIGTERM);
      return;
    }
    this.#isAsked = true;
    for (const run of runs) {
      run.tell({ type: 'cancelling', signal });
      run.cancel(signal === 'SIGINT' ? 'by Ctrl-C' : `by ${signal}`);
    }
  }
}

function isStopSignal(signal: string): signal is StopSignal {
  return STOP_SIGNALS.some((known) => known === signal);
}
