import { ambient } from '../../context/ambient.ts';
import {
  performBy,
  type AuthorSide,
  type Operation,
  type OperationHandlers,
  type OperationKind,
  type OperationResults,
  type ScopeInfo,
} from '../../context/operation.ts';
import { Scope } from '../../context/scope.ts';
import { gatherMap, gatherReduce, isList } from './gathered-items.ts';
import { RemoteBodies } from './remote-bodies.ts';
import { addressOf, NO_SITE, remoteCall, unsayable } from './remote-call-site.ts';
import { RemoteCalls, type RemoteCall } from './remote-calls.ts';
import { RemoteFuture, RemoteMapFuture, type MadeOperation } from './remote-future.ts';
import type { RemoteJob } from './remote-job.ts';

/**
 * The run of a task whose code executes away from the flow: every operation becomes a request to the flow's side.
 * One for the job's own code, and one for the code inside each container that it opens.
 */
export class RemoteScope extends Scope {
  readonly info: ScopeInfo;
  readonly #job: RemoteJob;
  /** Number of the container that this is the inside of. */
  readonly #under: number | undefined;
  #calls: RemoteCalls | undefined;
  #bodies: RemoteBodies | undefined;

  constructor(job: RemoteJob, info = job.info, under?: number) {
    super();
    this.#job = job;
    this.info = info;
    this.#under = under;
  }

  get signal(): AbortSignal {
    return this.#job.signal;
  }

  /** The job whose code asks by this scope. */
  get job(): RemoteJob {
    return this.#job;
  }

  perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K] {
    return performBy(RemoteScope.#handlers, this, operation);
  }

  /**
   * Waits for what must still happen before the code here may end: calls that must go out, code inside containers.
   * Undefined if there is nothing. Rejects with a call that cannot be made and that nobody awaits.
   */
  finish(): Promise<void> | undefined {
    const bodies = this.#bodies?.finish();
    return bodies === undefined ? this.#calls?.finish() : bodies.then(() => this.#calls?.finish());
  }

  static readonly #handlers: OperationHandlers<RemoteScope> = {
    call: (scope, { task, args, site }) =>
      scope.#future(
        remoteCall(task, site, (inputs, remote) => ({
          kind: 'call',
          task: addressOf(task),
          args: inputs,
          site: remote,
        })),
        args,
      ),

    stage: (scope, { flow, input, site }) =>
      scope.#future(
        remoteCall(flow, site, ([given], remote) => ({
          kind: 'stage',
          flow: addressOf(flow),
          input: given,
          site: remote,
        })),
        [input],
      ),

    map: (scope, { target, source, site }) => {
      const { inputs, areTuples, isPulled, keys, size } = gatherMap(source, scope.#job);
      const call = remoteCall(target, site, ([items], remote) => ({
        kind: 'map',
        target: addressOf(target),
        source: { items, areTuples, isPulled, failFast: source.failFast, ...keys() },
        site: remote,
      }));
      return new RemoteMapFuture(scope.#make(call, inputs), scope.#ask, size);
    },

    reduce: (scope, { task, source, site }) => {
      const call = remoteCall(task, site, ([items, ...initial], remote) => ({
        kind: 'reduce',
        task: addressOf(task),
        source: {
          items,
          isPulled: !isList(source.items),
          arity: source.arity,
          initial: initial.length === 0 ? undefined : { value: initial[0] },
        },
        site: remote,
      }));
      return scope.#future(call, gatherReduce(source, scope.#job));
    },

    settled: (scope, { future }) => {
      if (!scope.#job.owns(future)) return future.then(completed, failed);
      const call: RemoteCall = {
        ...NO_SITE,
        name: 'settled',
        write: ([of]) => ({ kind: 'settled', future: of }),
      };
      const submitted = scope.#job.whenMade(future.made);
      const ask = (): RemoteFuture => scope.#future(call, [future]);
      return submitted === undefined ? ask() : submitted.then(ask, failed);
    },

    container: (scope, { container, name, identity, body }) => {
      const call: RemoteCall = {
        ...NO_SITE,
        name: `${container} '${name}'`,
        write: (inputs) => ({ kind: 'container', container, name, identity: inputs, body: undefined }),
      };
      const made = scope.#make(call, identity);
      scope.#bodies ??= new RemoteBodies(scope.#job);
      const over = scope.#bodies.add(made.number, async (info) => {
        const inner = new RemoteScope(scope.#job, info, made.number);
        const value = await ambient.storage.run(inner, body, inner);
        await inner.finish();
        return value;
      });
      // While its code executes, who awaits it does not wait: that is the job's own code.
      return new RemoteFuture(made, undefined, async () => {
        await over;
        return scope.#job.value(made, undefined);
      });
    },

    say: (scope, { entry, body, once }) => {
      const { info, isOver, link } = scope.#job;
      if (isOver) {
        process.emitWarning(
          `code of task '${info.name}' records a ${entry} after its run has ended: it is lost`,
        );
        return;
      }
      const number = scope.#job.nextNumber();
      try {
        link.perform({ number, under: scope.#under, operation: { kind: 'say', entry, body, once } });
      } catch (cause) {
        throw unsayable(entry, body, link.names, cause);
      }
    },

    // A task is run again as a whole, so what it reads from the outside world is read again.
    effect: (_scope, { read }) => read(),
  };

  readonly #ask = (made: MadeOperation, item: number | undefined): Promise<unknown> =>
    this.#job.value(made, item);

  #make(call: RemoteCall, inputs: readonly unknown[] | Promise<readonly unknown[]>): MadeOperation {
    if (this.#job.isOver) throw this.#job.tooLate(`calls '${call.name}'`, call.at);
    this.#calls ??= new RemoteCalls(this.#job, this.#under);
    return this.#calls.make(call, inputs);
  }

  #future(call: RemoteCall, inputs: readonly unknown[] | Promise<readonly unknown[]>): RemoteFuture {
    const made = this.#make(call, inputs);
    return new RemoteFuture(made, undefined, () => this.#ask(made, undefined));
  }
}

function completed(value: unknown): unknown {
  return { state: 'completed', value };
}

function failed(error: unknown): unknown {
  return { state: 'failed', error };
}
