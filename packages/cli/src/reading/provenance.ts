import type { RunSummary } from '@sidereal/store';
import { formatAge } from '../terminal/format.ts';
import { isInterrupted } from './run-status.ts';

/** Who started a run, where; parts that are not recorded are absent. */
export interface Provenance {
  readonly host?: string | undefined;
  readonly user?: string | undefined;
  readonly pid?: number | undefined;
  readonly node?: string | undefined;
  readonly cwd?: string | undefined;
  readonly commit?: string | undefined;
  readonly argv?: readonly string[] | undefined;
}

/** Reads the provenance in a run's header, JSON. */
export function provenanceOf(json: string): Provenance {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  const given = parsed as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined =>
    typeof given[name] === 'string' ? given[name] : undefined;
  const { pid, argv } = given;
  return {
    host: text('host'),
    user: text('user'),
    pid: typeof pid === 'number' ? pid : undefined,
    node: text('node'),
    cwd: text('cwd'),
    commit: text('commit'),
    argv: Array.isArray(argv) ? argv.map(String) : undefined,
  };
}

/** Who executes a run, or how to go on with one that nobody executes; empty if it has ended. */
export function livenessText(run: RunSummary): string {
  const { liveness, id } = run;
  if (liveness.status === 'live') {
    const { holder, ageMs } = liveness;
    return `executed by process ${holder.pid} on ${holder.host}, last heard of ${formatAge(ageMs)}`;
  }
  if (!isInterrupted(run)) return '';
  const who =
    liveness.status === 'dead'
      ? `process ${liveness.holder.pid} on ${liveness.holder.host} is gone`
      : 'nobody executes it';
  return `${who}; go on with: sidereal resume ${id}`;
}
