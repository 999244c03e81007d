import type { Definition } from './definition.ts';
import { evaluationsOf } from './evaluations.ts';
import type { ModuleNames } from './module-names.ts';

/** What a task or flow is in the keys of its runs. */
export interface DefinitionIdentity {
  /** `module#name`, or the text of the option `identity`. It enters the key. */
  readonly id: string;
  /** It is the same one in every process that loads its module. If not, what it gave is never reused. */
  readonly isStable: boolean;
  /** Why it is not, in words for the record: "it is defined inside a function". */
  readonly why: string | undefined;
}

/**
 * The identity of a definition. To be asked at each call, which is cheap, because a line that is evaluated again later
 * takes the stability of all that it has defined.
 */
export function identityOf(definition: Definition, modules: ModuleNames): DefinitionIdentity {
  const { identity } = definition.options;
  if (identity !== undefined) return { id: `identity:${identity}`, isStable: true, why: undefined };
  const why = doubt(definition);
  return { id: `${modules.of(definition.module)}#${definition.name}`, isStable: why === undefined, why };
}

function doubt({ origin, atModuleLevel }: Definition): string | undefined {
  if (origin === undefined) return atModuleLevel ? undefined : 'it is defined inside a function';
  if (origin.unstableBecause !== undefined) return origin.unstableBecause;
  const count = evaluationsOf(origin.site);
  return count > 1 ? `its line was evaluated ${count} times, as in a loop or a factory` : undefined;
}
