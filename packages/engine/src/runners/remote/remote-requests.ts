import { SiderealError } from '@sidereal/core/errors';
import { ambient, registryKey } from '../../ambient.ts';
import type { FlowDefinition } from '../../authoring/flow-definition.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import { replaceParts } from '../../futures-inside.ts';
import type { CallSite, MapSource, Operation, Performer, ScopeInfo } from '../../operation.ts';
import type { Scope } from '../../scope.ts';
import type {
  DefinitionAddress,
  FutureReference,
  RemoteKind,
  RemoteMapSource,
  RemoteRequest,
  RemoteSide,
  RemoteSite,
} from '../request.ts';
import type { BodyOutcome } from '../runner.ts';

/** What performing the operations of jobs needs of the flow's side. */
export interface RequestsOwner {
  /** The run of a job. */
  scopeOf(job: number): Scope;
  /** The future of one item of a map's future; undefined if it is none. */
  itemOf(future: PromiseLike<unknown>, item: number): PromiseLike<unknown> | undefined;
  /** An operation could not be performed; unless `isTaken` by the end of the job, that is how the job ends. */
  failed(job: number, error: unknown, isTaken: () => boolean): void;
}

/** A container whose code executes in the job. */
interface OpenContainer {
  readonly begun: PromiseWithResolvers<Performer>;
  readonly ended: PromiseWithResolvers<unknown>;
}

/** What one job has asked for. */
interface JobRequests {
  readonly futures: Map<number, PromiseLike<unknown>>;
  readonly containers: Map<number, OpenContainer>;
  /** Those in containers that have begun. */
  readonly inside: Map<number, Performer>;
}

/**
 * The operations that jobs ask for from elsewhere, performed here in the runs that they belong to: the flow's side
 * of the wire.
 */
export class RemoteRequests {
  readonly #owner: RequestsOwner;
  readonly #jobs = new Map<number, JobRequests>();

  constructor(owner: RequestsOwner) {
    this.#owner = owner;
  }

  perform(job: number, { number, under, operation }: RemoteRequest): void {
    const requests = this.#requestsOf(job);
    const performer = under === undefined ? this.#owner.scopeOf(job) : requests.inside.get(under);
    if (performer === undefined) throw notThere(`container ${under}`);
    if (operation.kind === 'say') {
      performer.perform(operation);
      return;
    }
    try {
      requests.futures.set(
        number,
        performRemote(performer, operation, new Revival(requests, number, this.#owner)),
      );
    } catch (error) {
      const failed = new FailedOperation(error);
      requests.futures.set(number, failed);
      requests.containers.get(number)?.begun.reject(error);
      this.#owner.failed(job, error, () => failed.isTaken);
    }
  }

  /** What the future of an operation comes to, waited for in the run of the job. */
  awaited(job: number, number: number, item: number | undefined): Promise<unknown> {
    const requests = this.#requestsOf(job);
    return ambient.storage.run(this.#owner.scopeOf(job), async () =>
      futureOf(requests, { '@sidereal/call': number, ...(item === undefined ? {} : { item }) }, this.#owner),
    );
  }

  /** Resolves once the code inside a container is to be executed. Rejects if it could not be submitted. */
  async begun(job: number, number: number): Promise<ScopeInfo> {
    const requests = this.#requestsOf(job);
    const container = requests.containers.get(number);
    if (container === undefined) throw notThere(`container ${number}`);
    const performer = await container.begun.promise;
    requests.inside.set(number, performer);
    return performer.info;
  }

  /** The code inside a container has ended. */
  bodyEnded(job: number, number: number, outcome: BodyOutcome): void {
    const container = this.#jobs.get(job)?.containers.get(number);
    if (outcome.type === 'returned') container?.ended.resolve(outcome.value);
    else container?.ended.reject(outcome.error);
  }

  /** The job has ended: nobody asks for its futures any more, and no code inside its containers goes on. */
  forget(job: number): void {
    const requests = this.#jobs.get(job);
    if (requests === undefined) return;
    this.#jobs.delete(job);
    for (const { ended } of requests.containers.values()) ended.reject(codeLost());
  }

  #requestsOf(job: number): JobRequests {
    let requests = this.#jobs.get(job);
    if (requests === undefined) {
      requests = { futures: new Map(), containers: new Map(), inside: new Map() };
      this.#jobs.set(job, requests);
    }
    return requests;
  }
}

/** Stands for the future of an operation that could not be performed. */
class FailedOperation implements PromiseLike<never> {
  /** Somebody waits for it, and so learns of the error. */
  isTaken = false;
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
  }

  then<A = never, B = never>(
    onFulfilled?: ((value: never) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isTaken = true;
    const rejected = Promise.withResolvers<never>();
    rejected.reject(this.#error);
    return rejected.promise.then(onFulfilled, onRejected);
  }
}

/** Makes an author's operation of one that has crossed: references become futures, addresses definitions. */
class Revival {
  readonly #requests: JobRequests;
  readonly #number: number;
  readonly #owner: RequestsOwner;

  constructor(requests: JobRequests, number: number, owner: RequestsOwner) {
    this.#requests = requests;
    this.#number = number;
    this.#owner = owner;
  }

  value(value: unknown): unknown {
    return replaceParts(value, isReference, (reference) => futureOf(this.#requests, reference, this.#owner));
  }

  list(values: readonly unknown[]): readonly unknown[] {
    return values.map((value) => this.value(value));
  }

  future(reference: unknown): PromiseLike<unknown> {
    if (isReference(reference)) return futureOf(this.#requests, reference, this.#owner);
    throw notThere('a future');
  }

  site({ overrides, after, at }: RemoteSite): CallSite {
    return { overrides, after: after.map((reference) => this.future(reference)), at: () => at };
  }

  mapSource({ items, keys, failFast }: RemoteMapSource): MapSource {
    return {
      items: this.value(items),
      args: Array.isArray(items) ? tupleOf : undefined,
      key: keys === undefined ? undefined : (_item, index) => keys[index] ?? String(index),
      failFast,
    };
  }

  /** A body whose code is elsewhere: it is told to begin, and its end is told here. */
  body(): (inner: Performer) => Promise<unknown> {
    const container: OpenContainer = {
      begun: Promise.withResolvers<Performer>(),
      ended: Promise.withResolvers<unknown>(),
    };
    container.begun.promise.catch(() => {}); // Who has opened the container learns of it there.
    container.ended.promise.catch(() => {}); // Whoever executes the body looks after it.
    this.#requests.containers.set(this.#number, container);
    return (inner) => {
      container.begun.resolve(inner);
      return container.ended.promise;
    };
  }
}

/** An argument tuple, as an item of a map that has crossed. */
function tupleOf(item: unknown): readonly unknown[] {
  return Array.isArray(item) ? Array.from<unknown>(item) : [item];
}

type Submitting = Operation<RemoteSide, Exclude<RemoteKind, 'say'>>;

/** Performs an operation that gives a future. */
function performRemote(performer: Performer, operation: Submitting, revival: Revival): PromiseLike<unknown> {
  switch (operation.kind) {
    case 'call': {
      const task = taskAt(operation.task, operation.site.at);
      const args = revival.list(operation.args);
      return performer.perform({ kind: 'call', task, args, site: revival.site(operation.site) });
    }
    case 'stage': {
      const flow = flowAt(operation.flow, operation.site.at);
      const input = revival.value(operation.input);
      return performer.perform({ kind: 'stage', flow, input, site: revival.site(operation.site) });
    }
    case 'map': {
      const target = definitionAt(operation.target, operation.site.at);
      const source = revival.mapSource(operation.source);
      return performer.perform({ kind: 'map', target, source, site: revival.site(operation.site) });
    }
    case 'reduce': {
      const task = taskAt(operation.task, operation.site.at);
      const { items, arity, initial } = operation.source;
      const source = {
        items: revival.value(items),
        arity,
        initial: initial === undefined ? undefined : { value: revival.value(initial.value) },
      };
      return performer.perform({ kind: 'reduce', task, source, site: revival.site(operation.site) });
    }
    case 'settled':
      return performer.perform({ kind: 'settled', future: revival.future(operation.future) });
    case 'container': {
      const { container, name, identity } = operation;
      return performer.perform({ kind: 'container', container, name, identity, body: revival.body() });
    }
  }
}

function futureOf(
  requests: JobRequests,
  { '@sidereal/call': number, item }: FutureReference,
  owner: RequestsOwner,
): PromiseLike<unknown> {
  const future = requests.futures.get(number);
  if (future === undefined) throw notThere(`its call ${number}`);
  if (item === undefined) return future;
  const ofItem = owner.itemOf(future, item);
  // A map that could not be submitted has no items: each of them fails as it did.
  return ofItem ?? future;
}

function isReference(value: unknown): value is FutureReference {
  return typeof value === 'object' && value !== null && '@sidereal/call' in value;
}

function definitionAt(
  { module, name }: DefinitionAddress,
  at: string | undefined,
): TaskDefinition | FlowDefinition {
  const definition = ambient.registry.get(registryKey(module, name));
  if (definition === undefined) throw notKnown(module, name, at);
  return definition;
}

function taskAt(address: DefinitionAddress, at: string | undefined): TaskDefinition {
  const definition = definitionAt(address, at);
  if (definition.kind !== 'task') throw notKnown(address.module, address.name, at);
  return definition;
}

function flowAt(address: DefinitionAddress, at: string | undefined): FlowDefinition {
  const definition = definitionAt(address, at);
  if (definition.kind !== 'flow') throw notKnown(address.module, address.name, at);
  return definition;
}

function notKnown(module: string, name: string, at: string | undefined): SiderealError {
  return new SiderealError('TASK_NOT_FOUND', `the flow's thread knows no '${name}' of ${module}`, {
    at,
    remedy: 'Import the module that defines it from the flow too, and define it at module level.',
  });
}

function notThere(what: string): SiderealError {
  return new SiderealError('INTERNAL', `a task refers to ${what}, which it has not made`, {
    remedy: 'This is a defect in Sidereal; report it with the run id.',
  });
}

function codeLost(): SiderealError {
  return new SiderealError(
    'LOST_CONTEXT',
    'the task that executed the code of this group or loop has ended',
    {
      remedy: 'Await, inside the task, every group and loop that it opens.',
    },
  );
}
