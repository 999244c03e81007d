import type { EntryKind } from '@sidereal/core';
import { ambient, registryKey } from '../../ambient.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import type { Scope } from '../../scope.ts';
import type { Job, JobOutcome, JobTiming, RemoteCall, Runner, RunnerFactory, RunnerHost } from '../runner.ts';
import { HostScope } from './host-scope.ts';

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
  readonly calls: Map<number, Promise<JobOutcome[]>>;
  waits: number;
  hasSlot: boolean;
  resuming: Promise<void> | undefined;
}

/**
 * The smallest owner that a runner can have: slots, a queue, children by module and name, no graph. Used by
 * the contract suite and the tests of each runner. Protocol errors of the runner are collected in `violations`.
 */
export class SlotHost implements RunnerHost, AsyncDisposable {
  readonly runner: Runner;
  /** Everything that jobs have said, in order. */
  readonly sayings: Said[] = [];
  /** Every call that jobs have made, in the order in which they came. */
  readonly calls: RemoteCall[] = [];
  readonly timings = new Map<number, JobTiming | undefined>();
  /** Ids in the order in which they ended. */
  readonly order: number[] = [];
  readonly violations: string[] = [];
  readonly #jobs = new Map<number, HostedJob>();
  readonly #queue: HostedJob[] = [];
  readonly #resuming: (() => void)[] = [];
  readonly #whenSaid: (() => void)[] = [];
  #busy = 0;
  #nextId = 0;
  #isStarting = false;

  constructor(factory: (scopeOf: (id: number) => Scope) => RunnerFactory) {
    this.runner = factory((id) => this.#jobOf(id).scope)(this);
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
    const job: Job = { id, attempt: 1, task, args, info, ...rest };
    const scope = new HostScope(this, job);
    const hosted = {
      job,
      scope,
      ended: Promise.withResolvers<JobOutcome>(),
      calls: new Map(),
      waits: 0,
      hasSlot: false,
      resuming: undefined,
    };
    this.#jobs.set(id, hosted);
    if (isChild) this.#queue.unshift(hosted);
    else this.#queue.push(hosted);
    this.#pump();
    return { id, outcome: hosted.ended.promise };
  }

  /** The value of a job that must return one. */
  async value(task: TaskDefinition, ...args: unknown[]): Promise<unknown> {
    return valueOf(await this.run(task, args));
  }

  /** The error of a job that must not return. */
  async error(task: TaskDefinition, ...args: unknown[]): Promise<unknown> {
    const outcome = await this.run(task, args);
    if (outcome.type === 'returned') throw new Error(`returned ${JSON.stringify(outcome.value)}`);
    return outcome.error;
  }

  interrupt(id: number, reason: Error): void {
    this.#jobs.get(id)?.scope.abort(reason);
    this.runner.interrupt(id, reason);
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

  submitted(id: number, call: RemoteCall): void {
    const { calls } = this.#jobOf(id);
    this.calls.push(call);
    calls.set(call.call, this.#perform(calls, call));
  }

  async awaited(id: number, call: number, item: number | undefined): Promise<unknown> {
    const hosted = this.#jobOf(id);
    hosted.waits++;
    if (hosted.hasSlot) this.#release(hosted);
    const outcomes = await hosted.calls.get(call);
    if (--hosted.waits === 0 && this.#jobs.has(id)) await (hosted.resuming ??= this.#resume(hosted));
    return settle(outcomes, item);
  }

  async #perform(calls: ReadonlyMap<number, Promise<JobOutcome[]>>, call: RemoteCall): Promise<JobOutcome[]> {
    if (call.verb === 'settled') {
      return [{ type: 'returned', value: await settledIn(calls, call.args[0]) }];
    }
    if (call.verb === 'stage') return [{ type: 'returned', value: undefined }];
    const task = ambient.registry.get(registryKey(call.module, call.name));
    if (task?.kind !== 'task') throw new Error(`no task ${call.name}`);
    const tuples = call.verb === 'map' ? await this.#tuples(calls, call.args[0]) : [call.args];
    return Promise.all(
      tuples.map(async (tuple) => {
        const args = await Promise.all(asList(tuple).map((arg) => resolveIn(calls, arg)));
        return this.submit(task, args, {}, true).outcome;
      }),
    );
  }

  async #tuples(
    calls: ReadonlyMap<number, Promise<JobOutcome[]>>,
    items: unknown,
  ): Promise<readonly unknown[]> {
    if (isList(items)) return items;
    return asList(await resolveIn(calls, items)).map((item) => [item]);
  }

  #release(hosted: HostedJob): void {
    hosted.hasSlot = false;
    this.#busy--;
    this.#pump();
  }

  /** Waits for a free slot, unless the job waits for something else by then or has ended. */
  async #resume(hosted: HostedJob): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resuming.push(resolve);
      this.#pump();
    });
    hosted.resuming = undefined;
    hosted.hasSlot = true;
    if (hosted.waits > 0 || !this.#jobs.has(hosted.job.id)) this.#release(hosted);
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
  if (outcome.type === 'returned') return outcome.value;
  throw outcome.error;
}

function settle(outcomes: readonly JobOutcome[] | undefined, item: number | undefined): unknown {
  if (outcomes === undefined) throw new Error('no such call');
  const [only] = outcomes;
  if (item !== undefined)
    return valueOf(outcomes[item] ?? { type: 'threw', error: new Error('no such item') });
  return outcomes.length === 1 && only !== undefined ? valueOf(only) : outcomes.map(valueOf);
}

async function resolveIn(calls: ReadonlyMap<number, Promise<JobOutcome[]>>, arg: unknown): Promise<unknown> {
  const reference = referenceOf(arg);
  if (reference !== undefined) return settle(await calls.get(reference.call), reference.item);
  if (isList(arg)) return Promise.all(arg.map((part) => resolveIn(calls, part)));
  if (!isRecord(arg)) return arg;
  const parts = Object.entries(arg).map(async ([key, part]) => [key, await resolveIn(calls, part)]);
  return Object.fromEntries(await Promise.all(parts));
}

async function settledIn(calls: ReadonlyMap<number, Promise<JobOutcome[]>>, arg: unknown): Promise<unknown> {
  try {
    return { state: 'completed', value: await resolveIn(calls, arg) };
  } catch (error) {
    return { state: 'failed', error };
  }
}

function referenceOf(arg: unknown): { readonly call: number; readonly item: number | undefined } | undefined {
  if (typeof arg !== 'object' || arg === null || !('@sidereal/call' in arg)) return undefined;
  const item = 'item' in arg && typeof arg.item === 'number' ? arg.item : undefined;
  return { call: Number(arg['@sidereal/call']), item };
}

function asList(value: unknown): readonly unknown[] {
  return isList(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
