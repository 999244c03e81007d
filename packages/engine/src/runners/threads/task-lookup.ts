import { SiderealError, isSiderealError } from '@sidereal/core/errors';
import { ambient, registryKey } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { isImportable } from '../../identity/definition-registry.ts';
import type { ModuleImports } from './module-imports.ts';
import type { TaskAddress } from './protocol.ts';
import { thrownMessage } from '../../errors/thrown-message.ts';

/**
 * Finds tasks in this thread by module and name: imports the module, once, and looks in the thread's own
 * registry, where the module has put its definitions.
 */
export class TaskLookup {
  readonly #addresses: TaskAddress[] = [];
  readonly #found: TaskDefinition[] = [];
  readonly #modules: ModuleImports;

  constructor(modules: ModuleImports) {
    this.#modules = modules;
  }

  add(addresses: readonly TaskAddress[]): void {
    for (const address of addresses) this.#addresses[address.index] = address;
  }

  /** The task, if its module has been imported already. */
  find(index: number): TaskDefinition | undefined {
    return this.#found[index];
  }

  /**
   * The task, importing its module if need be: that it is found proves that the module defines it. Throws
   * FLOW_CALLED_ON_IMPORT, TASK_MODULE_FAILED, TASK_NOT_FOUND, CLOSURE_ON_THREADS.
   */
  async load(index: number): Promise<TaskDefinition> {
    const address = this.#addresses[index];
    if (address === undefined) throw new RangeError(`no task has the index ${index}`);
    await this.#modules.import(address.module);
    const failure = this.#modules.failureOf(address.module);
    if (failure !== undefined) throw moduleFailed(address, failure.cause);
    const key = registryKey(address.module, address.name);
    const definition = ambient.registry.get(key);
    if (definition?.kind !== 'task') throw notFound(address);
    if (!isImportable(ambient.registry, key, definition)) throw madeTwice(address);
    this.#found[index] = definition;
    return definition;
  }
}

function moduleFailed({ module, name, at }: TaskAddress, cause: unknown): SiderealError {
  if (isSiderealError(cause, 'FLOW_CALLED_ON_IMPORT')) return cause;
  return new SiderealError(
    'TASK_MODULE_FAILED',
    `a thread cannot import ${module} for task '${name}': ${thrownMessage(cause)}`,
    {
      at,
      cause,
      remedy:
        'Each thread imports the module that defines the task. Make it importable on its own, without work at module level.',
    },
  );
}

function notFound({ module, name, at }: TaskAddress): SiderealError {
  return new SiderealError(
    'TASK_NOT_FOUND',
    `a thread has imported ${module} and found no task '${name}' in it`,
    {
      at,
      remedy:
        'Define the task at module level, always and under the same name: not inside a function, not under a condition ' +
        'that does not hold in a thread (such as import.meta.main).',
    },
  );
}

function madeTwice({ module, name, at }: TaskAddress): SiderealError {
  return new SiderealError(
    'CLOSURE_ON_THREADS',
    `a thread has imported ${module}, and one line of it makes several tasks '${name}'`,
    { at, remedy: 'Give each of them a name of its own, so that a thread can tell which of them is meant.' },
  );
}
