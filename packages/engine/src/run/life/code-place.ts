import type { Scope } from '../../context/scope.ts';
import { codeScopeOf } from '../nodes/code-scope.ts';

/** Whose code executes in a scope of this thread, as the record knows it. */
export interface CodePlace {
  readonly idx: number;
  readonly attempt: number;
  readonly kind: string;
  readonly name: string;
  /** The line of its definition. */
  readonly at: string;
}

/** Undefined for the scope of no run of this thread. */
export function codePlaceOf(scope: Scope | undefined): CodePlace | undefined {
  const code = codeScopeOf(scope);
  if (code === undefined || scope === undefined) return undefined;
  const { idx, kind, name } = code.node;
  const { work } = code.owner;
  const at = work.type === 'task' || work.type === 'flow' ? work.definition.at : '';
  return { idx, kind, name, at, attempt: scope.info.attempt };
}
