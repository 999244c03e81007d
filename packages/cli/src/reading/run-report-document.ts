import { STATES } from '@sidereal/core';
import { livenessText, provenanceOf } from './provenance.ts';
import type { Part } from './parts.ts';
import { qaBand } from './qa-band.ts';
import type { RunReport } from './run-report.ts';
import { holderDocument, isoTime, runStatus, runPeriod } from './run-status.ts';
import { withoutStack } from '../errors/error-view.ts';

/** `sidereal show RUN --json`, schema `sidereal.run/1`. */
export function runReportDocument(report: RunReport, nowMs: number): Readonly<Record<string, unknown>> {
  const { run, names } = report;
  const { createdMs, startedMs, endedMs, durationMs } = runPeriod(run, nowMs);
  const nameOf = (idx: number): { idx: number; name: string | null } => ({
    idx,
    name: names.get(idx) ?? null,
  });
  return {
    schema: 'sidereal.run/1',
    id: run.id,
    flow: run.flow,
    version: run.version,
    tags: run.tags,
    state: runStatus(run),
    recordedState: run.state,
    reason: run.reason ?? null,
    message: run.message ?? null,
    created: isoTime(createdMs),
    started: isoTime(startedMs),
    ended: isoTime(endedMs),
    durationMs: durationMs === undefined ? null : Math.round(durationMs),
    holder: holderDocument(run.liveness),
    liveness: livenessText(run),
    module: run.header.module,
    entry: run.header.entry,
    input: inputOf(run.header.input),
    provenance: provenanceOf(run.header.provenance),
    nodes: run.nodes,
    records: run.records,
    batches: run.batches,
    epoch: run.epoch,
    parts: partDocument(report.parts, report),
    qa: report.qa.map(({ idx, error, ...score }) => ({
      ...score,
      score: score.score ?? null,
      band: qaBand(score.score, error !== undefined),
      error: error ?? null,
      by: nameOf(idx),
    })),
    artifacts: report.artifacts.map(({ idx, ...artifact }) => ({ ...artifact, by: nameOf(idx) })),
    notes: report.notes.map(({ idx, ...note }) => ({ ...note, by: nameOf(idx) })),
    failed: report.failed,
    failures: report.failures.map(({ node, error, alike }) => ({
      idx: node.idx,
      key: node.key,
      kind: node.kind,
      name: node.name,
      state: node.state,
      attempt: node.attempt,
      message: node.message ?? null,
      alike,
      error: error === undefined ? null : withoutStack(error),
    })),
    resume: report.repetition ?? null,
    cut: report.isCut,
  };
}

function partDocument(part: Part, report: RunReport): Readonly<Record<string, unknown>> {
  const { kind, name, idx, count, state, startedUs, endedUs, tasks, children } = part;
  const at = (us: number | undefined): string | null =>
    isoTime(us === undefined ? undefined : report.run.originMs + us / 1000);
  const counts = STATES.flatMap((known, code) => {
    const number = tasks[code] ?? 0;
    return number === 0 ? [] : [[known, number] as const];
  });
  const metrics = report.metrics
    .filter((metric) => metric.idx === idx)
    .map(({ idx: _, ...metric }) => metric);
  const exit = report.exits.find((candidate) => candidate.idx === idx);
  return {
    kind,
    name,
    idx: idx ?? null,
    count,
    state: state ?? null,
    started: at(startedUs),
    ended: at(endedUs),
    tasks: Object.fromEntries(counts),
    ...(metrics.length > 0 ? { metrics } : {}),
    ...(exit === undefined ? {} : { exit: { reason: exit.reason, cycles: exit.cycles } }),
    children: children.map((child) => partDocument(child, report)),
  };
}

/** The input as a value; text that is not JSON as it is. */
function inputOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
