import { ambient, registryKey } from '../context/ambient.ts';
import { registerDefinition } from '../identity/definition-registry.ts';
import { findDefinitionSite, type DefinitionSite } from '../identity/definition-site.ts';
import type { FlowDefinition } from '../definitions/flow-definition.ts';
import type { TaskDefinition } from '../definitions/task-definition.ts';

/** To be called by `task()` and `flow()` themselves. */
export function definitionSite(): DefinitionSite {
  return findDefinitionSite(ambient.storage.getStore() !== undefined);
}

/** Registers a definition, so that other threads find it by module and name. */
export function register<D extends TaskDefinition | FlowDefinition>(definition: D): D {
  return registerDefinition(ambient.registry, registryKey(definition.module, definition.name), definition);
}
