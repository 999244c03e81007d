import type { DefinitionOrigin } from './definition-site.ts';

/** Counts how often a line that defines something was evaluated in this thread, for all copies of the package. */
const EVALUATIONS = Symbol.for('sidereal.evaluations/1');
type Host = { [EVALUATIONS]?: Map<string, number> };
const counts = ((globalThis as Host)[EVALUATIONS] ??= new Map());

/** To be called when something is defined. Gives how often its line has been evaluated now. */
export function countEvaluation({ site }: DefinitionOrigin): number {
  const count = evaluationsOf(site) + 1;
  counts.set(site, count);
  return count;
}

export function evaluationsOf(site: string): number {
  return counts.get(site) ?? 0;
}
