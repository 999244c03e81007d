import { ambient, registryKey } from '../../src/context/ambient.ts';
import type { TaskDefinition } from '../../src/definitions/task-definition.ts';

/** A task at module level, registered as `task()` does, without loading the engine into every thread. */
export function define(module: string, name: string, fn: (...args: never[]) => unknown): TaskDefinition {
  const definition: TaskDefinition = {
    kind: 'task',
    name,
    module,
    at: `${new URL(module).pathname}:1:1`,
    atModuleLevel: true,
    options: {},
    fn,
  };
  ambient.registry.set(registryKey(module, name), definition);
  return definition;
}
