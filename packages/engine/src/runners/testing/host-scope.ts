import type { EntryKind } from '@sidereal/core';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import type { CallSite, Scope } from '../../scope.ts';
import type { Job, JobInfo, RunnerHost } from '../runner.ts';

/** The run of an inline job under test: its calls go straight to the host, and its futures are lazy. */
export class HostScope implements Scope {
  readonly info: JobInfo;
  readonly #host: RunnerHost;
  readonly #id: number;
  readonly #abort = new AbortController();
  readonly #numbers = new WeakMap<object, number>();
  #calls = 0;

  constructor(host: RunnerHost, job: Job) {
    this.#host = host;
    this.#id = job.id;
    this.info = job.info;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  call({ module, name }: TaskDefinition, args: readonly unknown[], site: CallSite): PromiseLike<unknown> {
    const call = this.#calls++;
    const references = args.map((arg) => {
      const number = typeof arg === 'object' && arg !== null ? this.#numbers.get(arg) : undefined;
      return number === undefined ? arg : { '@sidereal/call': number };
    });
    const overrides = { ...site.overrides };
    this.#host.submitted(this.#id, {
      call,
      verb: 'task',
      module,
      name,
      overrides,
      args: references,
      after: [],
      at: undefined,
    });
    let value: Promise<unknown> | undefined;
    const future: PromiseLike<unknown> = {
      then: (onFulfilled, onRejected) => {
        value ??= this.#host.awaited(this.#id, call, undefined);
        return value.then(onFulfilled, onRejected);
      },
    };
    this.#numbers.set(future, call);
    return future;
  }

  say(kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void {
    this.#host.said(this.#id, kind, body, once);
  }

  effect<T>(_call: string, read: () => T): T {
    return read();
  }

  stage(): never {
    throw unused();
  }

  map(): never {
    throw unused();
  }

  reduce(): never {
    throw unused();
  }

  settled(): never {
    throw unused();
  }

  loop(): never {
    throw unused();
  }

  group(): never {
    throw unused();
  }
}

function unused(): Error {
  return new Error('not used in the tests of runners');
}
