import { withoutStack } from '../errors/error-view.ts';
import { qaBand } from './qa-band.ts';
import { isoTime } from './run-status.ts';
import { artifactOf, metricOf, qaOf } from './said.ts';
import { taskDocument } from './task-document.ts';
import type { TaskReport } from './task-report.ts';

/** `sidereal show RUN TASK --json`, schema `sidereal.task/1`. */
export function taskReportDocument(report: TaskReport): Readonly<Record<string, unknown>> {
  const { run, story, upstream, after, parent, errors, logs, value } = report;
  const at = (us: number): string | null => isoTime(run.originMs + us / 1000);
  const ofKind = (kind: string) => story.entries.filter((entry) => entry.kind === kind);
  return {
    schema: 'sidereal.task/1',
    run: run.id,
    ...taskDocument(story.node, run.originMs, report.waitsFor),
    parent: parent === undefined ? null : { idx: parent.idx, kind: parent.kind, name: parent.name },
    inputs: story.inputs,
    upstream: upstream.map(({ idx, key, name, state }) => ({ idx, key, name, state })),
    after: after.map(({ idx, key, name, state }) => ({ idx, key, name, state })),
    transitions: story.transitions.map(({ state, attempt, timeUs, lane, reason, message }) => ({
      state,
      attempt,
      time: at(timeUs),
      lane: lane ?? null,
      reason: reason ?? null,
      message: message ?? null,
    })),
    errors: errors.map(({ attempt, error }) => ({ attempt, ...withoutStack(error) })),
    value: value ?? null,
    logs: logs.map(({ seq, timeMs, level, message, fields, attempt }) => ({
      seq,
      time: isoTime(timeMs),
      level,
      message,
      fields: fields ?? null,
      attempt,
    })),
    qa: ofKind('qa').map((entry) => {
      const { idx: _, ...score } = qaOf(entry);
      return { ...score, score: score.score ?? null, band: qaBand(score.score, score.error !== undefined) };
    }),
    artifacts: ofKind('artifact').map((entry) => {
      const { idx: _, ...artifact } = artifactOf(entry);
      return artifact;
    }),
    metrics: ofKind('metric').map((entry) => {
      const { idx: _, ...metric } = metricOf(entry);
      return metric;
    }),
  };
}
