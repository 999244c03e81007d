import type { Definition } from './definition.ts';
import { countEvaluation } from './evaluations.ts';
import { siteOf } from './used-definitions.ts';

/**
 * Puts a definition in the registry, where threads find it by module and name. The first of a name stands there
 * and hides those of other lines. Made again by one line, it is nobody's: which of them a thread would find cannot be
 * told.
 */
export function registerDefinition<D extends Definition>(
  registry: Map<string, Definition>,
  key: string,
  definition: D,
): D {
  if (definition.origin !== undefined) countEvaluation(definition.origin);
  const first = registry.get(key);
  if (first === undefined) {
    registry.set(key, definition);
    return definition;
  }
  const hidden = { ...definition, atModuleLevel: false };
  if (siteOf(first) === siteOf(definition) && definition.atModuleLevel) registry.set(key, hidden);
  return hidden;
}

/**
 * Can a thread find it by importing its module? Asked when it is called, because a later evaluation of its line
 * may have taken it away.
 */
export function isImportable(
  registry: ReadonlyMap<string, Definition>,
  key: string,
  definition: Definition,
): boolean {
  if (!definition.atModuleLevel || definition.module === '') return false;
  const registered = registry.get(key);
  return registered === undefined || registered === definition || registered.atModuleLevel;
}
