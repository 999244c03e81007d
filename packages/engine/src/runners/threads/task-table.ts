import { registryKey } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { TaskAddress } from './protocol.ts';
import { RunTimes } from './run-times.ts';

/** A task as the pool knows it. */
export interface KnownTask {
  readonly address: TaskAddress;
  readonly runTimes: RunTimes;
  /** Its runs wait rather than compute: its function is an `async` one, or has been seen to return a promise. */
  isAsync: boolean;
}

/** Numbers the tasks of a pool, so that threads are told module and name only once. */
export class TaskTable {
  readonly #byDefinition = new WeakMap<TaskDefinition, KnownTask>();
  readonly #byKey = new Map<string, KnownTask>();

  of(task: TaskDefinition): KnownTask {
    return this.#byDefinition.get(task) ?? this.#add(task);
  }

  #add(task: TaskDefinition): KnownTask {
    const { module, name, at } = task;
    const key = registryKey(module, name);
    const known = this.#byKey.get(key) ?? {
      address: { index: this.#byKey.size, module, name, at },
      runTimes: new RunTimes(),
      isAsync: isAsyncFunction(task.fn),
    };
    this.#byKey.set(key, known);
    this.#byDefinition.set(task, known);
    return known;
  }
}

function isAsyncFunction(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object AsyncFunction]';
}
