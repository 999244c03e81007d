import { SiderealError } from '@sidereal/core/errors';
import type { EntryKind } from '@sidereal/core';
import { ambient } from '../../ambient.ts';
import type { FlowDefinition } from '../../authoring/flow-definition.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import { userCallSite } from '../../identity/call-site.ts';
import type { CallSite, MapSource, ReduceSource, Scope } from '../../scope.ts';
import type { JobInfo } from '../runner.ts';
import { ChildCalls, type ChildCall } from './child-calls.ts';
import { gatherMap, gatherReduce, type GatheredItems } from './gathered-items.ts';
import type { FromThread, ThreadOutcome } from './protocol.ts';
import { ThreadFuture, ThreadMapFuture } from './thread-future.ts';
import { findUncloneable } from './uncloneable.ts';

/** The run of a task in a thread: everything that it asks for becomes a message to the flow's own thread. */
export class ThreadScope implements Scope {
  readonly info: JobInfo;
  readonly #ticket: number;
  readonly #send: (message: FromThread) => void;
  readonly #calls: ChildCalls;
  #abort: AbortController | undefined;
  #isOver = false;

  constructor(ticket: number, info: JobInfo, send: (message: FromThread) => void) {
    this.#ticket = ticket;
    this.info = info;
    this.#send = send;
    this.#calls = new ChildCalls(ticket, info, send);
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  call(task: TaskDefinition, args: readonly unknown[], site: CallSite): ThreadFuture {
    return this.#future(childCall('task', task, site), args);
  }

  stage(flow: FlowDefinition, input: unknown, site: CallSite): ThreadFuture {
    return this.#future(childCall('stage', flow, site), [input]);
  }

  map(target: TaskDefinition | FlowDefinition, source: MapSource, site: CallSite): PromiseLike<unknown[]> {
    const child = childCall('map', target, site);
    const { args, size } = gatherMap(source, this.#calls);
    return new ThreadMapFuture(this.#calls.make(child, args), this.#calls, size);
  }

  reduce(task: TaskDefinition, source: ReduceSource, site: CallSite): ThreadFuture {
    return this.#future(childCall('reduce', task, site), gatherReduce(source, this.#calls).args);
  }

  settled(future: PromiseLike<unknown>): PromiseLike<unknown> {
    if (!this.#calls.owns(future)) return future.then(completed, failed);
    const submitted = this.#calls.whenMade(future.made);
    const child: ChildCall = {
      verb: 'settled',
      module: '',
      name: '',
      overrides: {},
      after: [],
      at: undefined,
    };
    const ask = (): ThreadFuture => this.#future(child, [future]);
    return submitted === undefined ? ask() : submitted.then(ask, failed);
  }

  loop(name: string): never {
    throw notOnThreads(`loop '${name}'`);
  }

  group(name: string): never {
    throw notOnThreads(`group '${name}'`);
  }

  say(kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void {
    if (this.#isOver) {
      process.emitWarning(
        `code of task '${this.info.name}' records a ${kind} after its run has ended: it is lost`,
      );
      return;
    }
    try {
      this.#send({ type: 'said', ticket: this.#ticket, kind, body, once });
    } catch (cause) {
      const found = findUncloneable(body);
      throw new SiderealError(
        'UNCLONEABLE_ARGUMENT',
        `${found === undefined || found.path === '' ? 'the body' : found.path.slice(1)} of a ${kind} is ${found?.what ?? 'something'}, which cannot be recorded`,
        { at: userCallSite()?.at, cause, remedy: 'Record plain data.' },
      );
    }
  }

  /** A task is run again as a whole, so what it reads from the outside world is read again. */
  effect<T>(_call: string, read: () => T): T {
    return read();
  }

  /** The run should stop. */
  abort(reason: unknown): void {
    const controller = (this.#abort ??= new AbortController());
    // Listeners are the task's own code: they run in its scope.
    ambient.storage.run(this, () => controller.abort(reason));
  }

  /** The outcome of a wait has come. */
  settle(wait: number, outcome: ThreadOutcome): void {
    this.#calls.settle(wait, outcome);
  }

  /** Waits for calls that must still go out before the run may end; undefined if there are none. */
  finish(): Promise<void> | undefined {
    return this.#calls.finish();
  }

  /** The run has ended. */
  close(): void {
    this.#isOver = true;
    this.#calls.close();
  }

  #future(child: ChildCall, args: GatheredItems['args']): ThreadFuture {
    const made = this.#calls.make(child, args);
    return new ThreadFuture(made, undefined, () => this.#calls.ask(made, undefined));
  }
}

function childCall(
  verb: ChildCall['verb'],
  { module, name }: TaskDefinition | FlowDefinition,
  { overrides, after, at }: CallSite,
): ChildCall {
  return { verb, module, name, overrides, after, at: at() };
}

function completed(value: unknown): unknown {
  return { state: 'completed', value };
}

function failed(error: unknown): unknown {
  return { state: 'failed', error };
}

function notOnThreads(what: string): SiderealError {
  return new SiderealError('NOT_ON_THREADS', `${what} is opened in a task that runs on a worker thread`, {
    at: userCallSite()?.at,
    remedy: 'Loops and groups belong to flows: open it in the flow, or in a stage that the task calls.',
  });
}
