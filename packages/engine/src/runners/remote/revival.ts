import { SiderealError } from '@sidereal/core/errors';
import { ambient, registryKey } from '../../context/ambient.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { walkValue } from '@sidereal/core';
import { replaceObjects } from '../../data/futures-in-values.ts';
import type { CallSite, MapSource, Operation, OperationPerformer } from '../../context/operation.ts';
import type {
  DefinitionAddress,
  FutureReference,
  RemoteKind,
  RemoteMapSource,
  RemoteSide,
  RemoteSite,
} from '../request.ts';

/** The future of one item of a map's future; undefined if it is none. */
export type ItemOf = (future: PromiseLike<unknown>, item: number) => PromiseLike<unknown> | undefined;

/** A container whose code executes in the job. */
export interface OpenContainer {
  readonly begun: PromiseWithResolvers<OperationPerformer>;
  readonly ended: PromiseWithResolvers<unknown>;
}

/** What one job has asked for. */
export interface JobRequests {
  readonly futures: Map<number, PromiseLike<unknown>>;
  readonly containers: Map<number, OpenContainer>;
  /** Those in containers that have begun. */
  readonly inside: Map<number, OperationPerformer>;
}

/** Makes an author's operation of one that has crossed: references become futures, addresses definitions. */
export class Revival {
  readonly #requests: JobRequests;
  readonly #number: number;
  readonly #itemOf: ItemOf;

  constructor(requests: JobRequests, number: number, itemOf: ItemOf) {
    this.#requests = requests;
    this.#number = number;
    this.#itemOf = itemOf;
  }

  value(value: unknown): unknown {
    if (!holdsReference(value)) return value;
    return replaceObjects(value, (part) =>
      isReference(part) ? futureOf(this.#requests, part, this.#itemOf) : undefined,
    );
  }

  list(values: readonly unknown[]): readonly unknown[] {
    return values.map((value) => this.value(value));
  }

  future(reference: unknown): PromiseLike<unknown> {
    if (isReference(reference)) return futureOf(this.#requests, reference, this.#itemOf);
    throw notThere('a future');
  }

  site({ overrides, after, at }: RemoteSite): CallSite {
    return { overrides, after: after.map((reference) => this.future(reference)), at: () => at };
  }

  mapSource({ items, areTuples, isPulled, keys, failFast }: RemoteMapSource): MapSource {
    return {
      items: this.items(items, isPulled),
      args: areTuples ? tupleOf : undefined,
      key: keys === undefined ? undefined : (_item, index) => keys[index] ?? String(index),
      failFast,
    };
  }

  /** Items as the author gave them: what was pulled is pulled here too, so that calls have the same keys. */
  items(items: unknown, isPulled: boolean): unknown {
    const revived = this.value(items);
    return isPulled && Array.isArray(revived) ? revived.values() : revived;
  }

  /** A body whose code is elsewhere: it is told to begin, and its end is told here. */
  body(): (inner: OperationPerformer) => Promise<unknown> {
    const container: OpenContainer = {
      begun: Promise.withResolvers<OperationPerformer>(),
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
export function performRemote(
  performer: OperationPerformer,
  operation: Submitting,
  revival: Revival,
): PromiseLike<unknown> {
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
      const { items, arity, initial, isPulled } = operation.source;
      const source = {
        items: revival.items(items, isPulled === true),
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

export function futureOf(
  requests: JobRequests,
  { '@sidereal/call': number, item }: FutureReference,
  itemOf: ItemOf,
): PromiseLike<unknown> {
  const future = requests.futures.get(number);
  if (future === undefined) throw notThere(`its call ${number}`);
  if (item === undefined) return future;
  const ofItem = itemOf(future, item);
  // A map that could not be submitted has no items: each of them fails as it did.
  return ofItem ?? future;
}

function holdsReference(value: unknown): boolean {
  let isFound = false;
  walkValue(value, {
    object: (part) => {
      isFound ||= isReference(part);
      return !isFound;
    },
  });
  return isFound;
}

function isReference(value: unknown): value is FutureReference {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '@sidereal/call');
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

export function notThere(what: string): SiderealError {
  return new SiderealError('INTERNAL', `a task refers to ${what}, which it has not made`, {
    remedy: 'This is a defect in Sidereal; report it with the run id.',
  });
}
