import type { EntryKind } from '@sidereal/core';
import { ambient } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { plainInputs } from '../../handles/job-inputs.ts';
import { readHandle } from '../../handles/value-handle.ts';
import type { ScopeInfo } from '../../context/operation.ts';
import { RemoteRequests } from '../remote/remote-requests.ts';
import type { RemoteRequest } from '../request.ts';
import type {
  BodyOutcome,
  Job,
  JobOutcome,
  JobTiming,
  LateOutcome,
  Runner,
  RunnerFactory,
  RunnerHost,
  StrayError,
} from '../runner.ts';
import { HostMapFuture, HostScope, type ScopeHost } from './host-scope.ts';

/** What a job said. */
export interface Said {
  readonly id: number;
  readonly kind: EntryKind;
  readonly body: Readonly<Record<string, unknown>>;
  readonly once: string | undefined;
}

interface HostedJob {
  readonly job: Job;
  readonly scope: HostScope;
  readonly ended: PromiseWithResolvers<JobOutcome>;
  waits: number;
  hasSlot: boolean;
  resuming: Promise<void> | undefined;
}

/**
 * The smallest owner that a runner can have: slots, a queue, children by module and name, no graph. Used by
 * the contract suite and the tests of each runner. Protocol errors of the runner are collected in `violations`.
 */
export class SlotHost implements RunnerHost, ScopeHost, AsyncDisposable {
  readonly runner: Runner;
  /** Everything that jobs have said, in order. */
  readonly sayings: Said[] = [];
  /** Every operation that jobs have asked for from elsewhere, in the order in which they came, but for sayings. */
  readonly requests: RemoteRequest[] = [];
  readonly timings = new Map<number, JobTiming | undefined>();
  /** Ids in the order in which they ended. */
  readonly order: number[] = [];
  readonly violations: string[] = [];
  /** Jobs that had to begin again, and have. */
  readonly displacements: { readonly id: number; readonly why: string; readonly isSuspect: boolean }[] = [];
  /** Jobs that turned out to wait. */
  readonly suspensions: number[] = [];
  /** What the jobs of children are beside their defaults. */
  ofChildren: Partial<Job> = {};
  /** Errors that nothing caught. */
  readonly strays: StrayError[] = [];
  readonly #jobs = new Map<number, HostedJob>();
  readonly #queue: HostedJob[] = [];
  readonly #resuming: (() => void)[] = [];
  readonly #whenSaid: (() => void)[] = [];
  #busy = 0;
  #nextId = 0;
  #isStarting = false;
  readonly #remote = new RemoteRequests({
    scopeOf: (id) => this.#jobOf(id).scope,
    itemOf: (future, item) => (future instanceof HostMapFuture ? future.item(item) : undefined),
    failed: (id, error) => this.#violation(`job ${id} asks for what cannot be: ${String(error)}`),
  });

  constructor(factory: RunnerFactory) {
    this.runner = factory(this);
  }

  /** Queues a job; started as soon as a slot is free. */
  run(task: TaskDefinition, args: readonly unknown[] = [], rest: Partial<Job> = {}): Promise<JobOutcome> {
    return this.submit(task, args, rest).outcome;
  }

  /** The same, and its id. Children come before fresh jobs, as in the scheduler. */
  submit(
    task: TaskDefinition,
    args: readonly unknown[] = [],
    rest: Partial<Job> = {},
    isChild = false,
  ): { readonly id: number; readonly outcome: Promise<JobOutcome> } {
    const id = this.#nextId++;
    const info = { runId: 'run-1', key: `key-${id}`, name: task.name, attempt: 1 };
    const job: Job = { id, idx: id, attempt: 1, task, inputs: plainInputs(args), info, ...rest };
    const ended = Promise.withResolvers<JobOutcome>();
    this.#admit(job, ended, isChild);
    return { id, outcome: ended.promise };
  }

  /** Queues an execution of a job, unless it is beyond all slots and so begins at once. */
  #admit(job: Job, ended: PromiseWithResolvers<JobOutcome>, isFirst: boolean): void {
    const scope = new HostScope(this, job.id, job.info);
    const hosted: HostedJob = { job, scope, ended, waits: 0, hasSlot: false, resuming: undefined };
    this.#jobs.set(job.id, hosted);
    if (job.isBeyond === true) return this.runner.start(job);
    if (isFirst) this.#queue.unshift(hosted);
    else this.#queue.push(hosted);
    this.#pump();
  }

  /** The value of a job that must return one. */
  async value(task: TaskDefinition, ...args: unknown[]): Promise<unknown> {
    return valueOf(await this.run(task, args));
  }

  /** The error of a job that must not return. */
  async error(task: TaskDefinition, ...args: unknown[]): Promise<unknown> {
    const outcome = await this.run(task, args);
    if (outcome.type === 'returned') throw new Error(`returned ${JSON.stringify(valueOf(outcome))}`);
    return errorOf(outcome);
  }

  interrupt(id: number, reason: Error): void {
    this.#jobs.get(id)?.scope.abort(reason);
    this.runner.interrupt(id, reason);
  }

  /** Gives a job up. The list that it returns is filled with what its code still comes to. */
  abandon(id: number, reason: Error): readonly LateOutcome[] {
    const late: LateOutcome[] = [];
    this.#jobs.get(id)?.scope.abort(reason);
    this.runner.abandon(id, reason, (outcome) => late.push(outcome));
    return late;
  }

  /** Resolves once a job has said anything. */
  async untilSaid(id: number): Promise<void> {
    while (!this.sayings.some((said) => said.id === id)) {
      await new Promise<void>((resolve) => this.#whenSaid.push(resolve));
    }
  }

  ended(id: number, outcome: JobOutcome, timing: JobTiming | undefined): void {
    const hosted = this.#jobs.get(id);
    if (hosted === undefined) return this.#violation(`job ${id} ended again`);
    if (this.#isStarting) this.#violation(`job ${id} ended before start returned`);
    this.#jobs.delete(id);
    this.#remote.forget(id);
    if (outcome.type === 'displaced') {
      const { job, ended } = hosted;
      this.displacements.push({ id, ...outcome });
      if (hosted.hasSlot) this.#release(hosted);
      return this.#admit({ ...job, isAlone: job.isAlone === true || outcome.isSuspect }, ended, true);
    }
    this.timings.set(id, timing);
    this.order.push(id);
    if (hosted.hasSlot) this.#release(hosted);
    hosted.ended.resolve(outcome);
    this.#pump();
  }

  said(id: number, kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void {
    if (!this.#jobs.has(id)) this.#violation(`job ${id} said something after its end`);
    this.sayings.push({ id, kind, body, once });
    for (const wake of this.#whenSaid.splice(0)) wake();
  }

  inScope<T>(id: number, code: () => T): T {
    return ambient.storage.run(this.#jobOf(id).scope, code);
  }

  performed(id: number, request: RemoteRequest): void {
    if (request.operation.kind !== 'say') this.requests.push(request);
    if (this.#jobs.has(id)) this.#remote.perform(id, request);
    else this.#violation(`job ${id} asked for something after its end`);
  }

  begun(id: number, number: number): Promise<ScopeInfo> {
    return this.#remote.begun(id, number);
  }

  bodyEnded(id: number, number: number, outcome: BodyOutcome): void {
    this.#remote.bodyEnded(id, number, outcome);
  }

  async awaited(id: number, number: number, item: number | undefined): Promise<unknown> {
    return this.#remote.awaited(id, number, item);
  }

  suspended(id: number): void {
    if (!this.#jobs.has(id)) this.#violation(`job ${id} was suspended after its end`);
    this.suspensions.push(id);
  }

  strayed(stray: StrayError): void {
    this.strays.push(stray);
    for (const wake of this.#whenSaid.splice(0)) wake();
  }

  /** Resolves once so many errors have strayed. */
  async untilStrayed(count: number): Promise<readonly StrayError[]> {
    while (this.strays.length < count) await new Promise<void>((resolve) => this.#whenSaid.push(resolve));
    return this.strays;
  }

  child(id: number, task: TaskDefinition, args: readonly unknown[]): Promise<JobOutcome> {
    return this.submit(task, args, { calledBy: id, ...this.ofChildren }, true).outcome;
  }

  /** Waits without a slot. */
  async waited<T>(id: number, wait: Promise<T>): Promise<T> {
    const hosted = this.#jobOf(id);
    hosted.waits++;
    if (hosted.hasSlot) this.#release(hosted);
    try {
      return await wait;
    } finally {
      if (--hosted.waits === 0 && this.#jobs.get(id) === hosted)
        await (hosted.resuming ??= this.#resume(hosted));
    }
  }

  #release(hosted: HostedJob): void {
    hosted.hasSlot = false;
    this.#busy--;
    this.#pump();
  }

  /** Waits for a free slot, unless the job waits for something else by then or has ended. */
  async #resume(hosted: HostedJob): Promise<void> {
    if (hosted.job.isBeyond === true) {
      hosted.resuming = undefined;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#resuming.push(resolve);
      this.#pump();
    });
    hosted.resuming = undefined;
    hosted.hasSlot = true;
    if (hosted.waits > 0 || this.#jobs.get(hosted.job.id) !== hosted) this.#release(hosted);
  }

  /** Closes the runner, and fails if it has broken the protocol. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.close();
    if (this.violations.length > 0) throw new Error(this.violations.join('; '));
  }

  #pump(): void {
    const { runner } = this;
    // Absent while the runner is being made.
    if (runner === undefined) return;
    for (;;) {
      const isFull = this.#busy >= runner.capacity;
      if (isFull && !this.#mayGoAhead(runner)) return;
      const resume = isFull ? undefined : this.#resuming.shift();
      const next = resume === undefined ? this.#queue.shift() : undefined;
      if (resume === undefined && next === undefined) return;
      this.#busy++;
      resume?.();
      if (next === undefined) continue;
      next.hasSlot = true;
      this.#isStarting = true;
      runner.start(next.job);
      this.#isStarting = false;
    }
  }

  #mayGoAhead(runner: Runner): boolean {
    const [next] = this.#queue;
    if (next === undefined || this.#resuming.length > 0) return false;
    return this.#busy < runner.capacity + runner.prefetch && runner.mayGoAhead(next.job.task);
  }

  #jobOf(id: number): HostedJob {
    const hosted = this.#jobs.get(id);
    if (hosted === undefined) throw new Error(`job ${id} is not here`);
    return hosted;
  }

  #violation(what: string): void {
    this.violations.push(what);
  }
}

/** The value of an outcome that must have one. */
export function valueOf(outcome: JobOutcome): unknown {
  if (outcome.type === 'returned') return readHandle(outcome.value);
  throw errorOf(outcome);
}

function errorOf(outcome: Exclude<JobOutcome, { type: 'returned' }>): unknown {
  return outcome.type === 'displaced' ? new Error(outcome.why) : outcome.error;
}
