import { SiderealError } from '@sidereal/core/errors';
import { ambient } from '../../context/ambient.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { userCallSite } from '../../identity/call-site.ts';
import {
  performBy,
  type AuthorSide,
  type CallSite,
  type Operation,
  type OperationHandlers,
  type OperationKind,
  type OperationResults,
  type ScopeInfo,
} from '../../context/operation.ts';
import { Scope } from '../../context/scope.ts';
import { findUncloneable } from '../cloning/uncloneable.ts';
import type { DefinitionAddress } from '../request.ts';
import { gatherMap, gatherReduce } from './gathered-items.ts';
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
  /** Code inside containers that is under way, or will be. */
  #bodies: Set<Promise<void>> | undefined;

  constructor(job: RemoteJob, info = job.info, under?: number) {
    super();
    this.#job = job;
    this.info = info;
    this.#under = under;
  }

  get signal(): AbortSignal {
    return this.#job.signal;
  }

  perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K] {
    return performBy(RemoteScope.#handlers, this, operation);
  }

  /**
   * Waits for what must still happen before the code here may end: calls that must go out, code inside containers.
   * Undefined if there is nothing. Rejects with a call that cannot be made and that nobody awaits.
   */
  finish(): Promise<void> | undefined {
    const bodies = this.#bodies;
    return bodies === undefined || bodies.size === 0 ? this.#calls?.finish() : this.#finishAll(bodies);
  }

  async #finishAll(bodies: ReadonlySet<Promise<void>>): Promise<void> {
    for (const body of bodies) await body;
    await this.#calls?.finish();
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
      const { inputs, keys, size } = gatherMap(source, scope.#job);
      const call = remoteCall(target, site, ([items], remote) => ({
        kind: 'map',
        target: addressOf(target),
        source: { items, failFast: source.failFast, ...keys() },
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
      const bodies = (scope.#bodies ??= new Set());
      const over = scope.#execute(made, body).finally(() => bodies.delete(over));
      bodies.add(over);
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
        throw unsayable(entry, body, cause);
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

  /** Executes code inside a container, once that has begun, and tells how it ended. Never rejects. */
  async #execute({ number }: MadeOperation, body: Operation<AuthorSide, 'container'>['body']): Promise<void> {
    const { link } = this.#job;
    let info: ScopeInfo;
    try {
      info = await link.begun(number);
    } catch {
      // The job is to stop, or the container could not be opened: who awaits it learns of that.
      return;
    }
    const inner = new RemoteScope(this.#job, info, number);
    try {
      const value = await ambient.storage.run(inner, body, inner);
      await inner.finish();
      if (!this.#job.isOver) returnedFrom(link.bodyReturned.bind(link, number, value), value, info.name);
    } catch (error) {
      if (!this.#job.isOver) link.bodyThrew(number, error);
    }
  }
}

const NO_SITE = { overrides: {}, after: [], at: undefined } as const;

function addressOf({ module, name }: TaskDefinition | FlowDefinition): DefinitionAddress {
  return { module, name };
}

function remoteCall(
  { name }: TaskDefinition | FlowDefinition,
  { overrides, after, at }: CallSite,
  write: RemoteCall['write'],
): RemoteCall {
  return { name, overrides: { ...overrides }, after, at: at(), write };
}

function completed(value: unknown): unknown {
  return { state: 'completed', value };
}

function failed(error: unknown): unknown {
  return { state: 'failed', error };
}

/** Sends what code inside a container came to; what cannot be sent is an error that says where it stands. */
function returnedFrom(send: () => void, value: unknown, name: string): void {
  try {
    send();
  } catch (cause) {
    const uncloneable = findUncloneable(value);
    throw new SiderealError(
      'UNCLONEABLE_RESULT',
      `result${uncloneable?.path ?? ''} of '${name}' is ${uncloneable?.what ?? 'something'}, which cannot leave its thread`,
      { cause, remedy: 'Return plain data from groups and loops in tasks, and from their cycles.' },
    );
  }
}

function unsayable(entry: string, body: unknown, cause: unknown): SiderealError {
  const uncloneable = findUncloneable(body);
  const where = uncloneable === undefined || uncloneable.path === '' ? 'the body' : uncloneable.path.slice(1);
  return new SiderealError(
    'UNCLONEABLE_ARGUMENT',
    `${where} of a ${entry} is ${uncloneable?.what ?? 'something'}, which cannot be recorded`,
    { at: userCallSite()?.at, cause, remedy: 'Record plain data.' },
  );
}
