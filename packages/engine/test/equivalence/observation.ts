import { hasEnded, readDue } from '@sidereal/core';
import type { RunRecord } from '../../src/testing/run-record.ts';

/** What a record says of a run, without what may differ: times, lanes, the numbers of nodes and their order. */
export type Observation = Readonly<Record<string, ObservedNode>>;

export interface ObservedNode {
  readonly what: string;
  readonly tags: readonly string[];
  /** Keys of the nodes that it belongs to and consumes. */
  readonly parent: string | undefined;
  readonly group: string | undefined;
  readonly stage: string | undefined;
  readonly upstream: readonly (string | undefined)[];
  /** What it comes after, without consuming it. */
  readonly after: readonly (string | undefined)[];
  readonly flags: number;
  /** Preview of its inputs, other nodes by their keys. */
  readonly inputs: string;
  /** How each of its attempts ended, with reasons. */
  readonly ends: readonly string[];
  readonly value: unknown;
  readonly entries: readonly unknown[];
}

/** Observes a run; nodes by their keys. */
export function observe(record: RunRecord): Observation {
  const keyOf = (idx: number): string | undefined => record.nodes[idx]?.key;
  const seen: Record<string, ObservedNode> = {};
  for (const { idx, key, kind, name, tags, parent, group, stage, flags, value } of record.nodes) {
    const story = record.story(idx);
    seen[key] = {
      what: `${kind} ${name}`,
      tags,
      parent: keyOf(parent),
      group: keyOf(group),
      stage: keyOf(stage),
      upstream: story.upstream.map((from) => keyOf(from)),
      after: orderEdges(story).map((from) => keyOf(from)),
      flags,
      inputs: story.inputs.replaceAll(/\[(\d+)\]/g, (text, at: string) => keyOf(Number(at)) ?? text),
      ends: story.transitions
        .filter(({ state }) => hasEnded(state) || state === 'awaiting_retry')
        .map(
          ({ state, attempt, reason, message = '-' }) =>
            `${state} ${attempt} ${reason ?? '-'} ${readDue(message).message}`,
        ),
      value: value === undefined ? undefined : { ...value },
      // Of the code of a module it says since when it has been in force.
      entries: story.entries
        .filter(({ kind: entry }) => entry !== 'code')
        .map(({ kind: entry, attempt, body }) => [entry, attempt, told(body)]),
    };
  }
  return seen;
}

function orderEdges(story: object): readonly number[] {
  return 'after' in story ? (story.after as readonly number[]) : [];
}

/** An entry's body without what is drawn anew, and without stacks, which name other frames on threads. */
function told(body: string): unknown {
  return JSON.parse(body, (field, value: unknown) =>
    field === 'stack' || field === 'value' ? undefined : value,
  ) as unknown;
}
