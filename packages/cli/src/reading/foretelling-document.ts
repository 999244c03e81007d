import { foretoldCounts, type RunForetelling } from './foretelling.ts';

/** `sidereal resume|retry RUN --dry-run --json`, schema `sidereal.foretelling/1`. */
export function foretellingDocument(
  verb: 'resume' | 'retry',
  foretelling: RunForetelling,
): Readonly<Record<string, unknown>> {
  const { run, rules, isAtLeast, nodes } = foretelling;
  const { retryFailed, from, tasks, all } = rules;
  return {
    schema: 'sidereal.foretelling/1',
    run,
    verb,
    rules: { failed: retryFailed, from, tasks, all },
    atLeast: isAtLeast,
    counts: foretoldCounts(foretelling),
    nodes: nodes.map(({ idx, key, kind, name, state, decision: { decision, code, reason } }) => ({
      idx,
      key,
      kind,
      name,
      state,
      decision,
      code,
      reason,
    })),
  };
}
