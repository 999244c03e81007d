import { ambient, registryKey } from '../ambient.ts';
import { userCallSite } from '../call-site.ts';
import type { FlowDefinition } from './flow-definition.ts';
import type { TaskDefinition } from './task-definition.ts';

/** Where a task or flow is being defined. */
export interface DefinitionSite {
  readonly module: string;
  readonly at: string;
  readonly atModuleLevel: boolean;
}

/** To be called by `task()` and `flow()` themselves. */
export function definitionSite(): DefinitionSite {
  const frame = userCallSite();
  if (frame === undefined) return { module: '', at: '', atModuleLevel: false };
  // A flow's body, an anonymous function as a rule, looks like module level in a stack.
  const atModuleLevel = frame.functionName === '' && ambient.storage.getStore() === undefined;
  return { module: frame.module, at: frame.at, atModuleLevel };
}

/**
 * Registers a definition, so that other threads find it by module and name. A second one of the same name in
 * a module is hidden by the first; the same line evaluated again proves that it does not stand at module level.
 */
export function register<D extends TaskDefinition | FlowDefinition>(definition: D): D {
  const key = registryKey(definition.module, definition.name);
  const before = ambient.registry.get(key);
  if (before === undefined || before.at === definition.at || !definition.atModuleLevel) {
    if (before?.at === definition.at && definition.atModuleLevel) {
      const closure = { ...definition, atModuleLevel: false };
      ambient.registry.set(key, closure);
      return closure;
    }
    if (before === undefined) ambient.registry.set(key, definition);
    return definition;
  }
  return { ...definition, atModuleLevel: false };
}
