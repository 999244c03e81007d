import type { CanonicalText, NodeKind } from '@sidereal/core';
import type { CodeScope } from '../nodes/code-scope.ts';
import { ALL_SUCCESS, CONTAINER_OPTIONS } from '../nodes/resolved-options.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { ContainerWork } from '../nodes/work.ts';
import type { Submissions } from '../calls/submissions.ts';

/** A group, loop, cycle, map or reduce to be submitted. */
export interface Container {
  readonly kind: NodeKind;
  readonly name: string;
  /** What tells it from its siblings beyond kind and name (a loop's cycle number, a map's explicit key). */
  readonly identity: CanonicalText;
  /** The author's own key, in place of that. */
  readonly key?: string | undefined;
  readonly at: () => string | undefined;
  /** Runs that it begins after: those whose values it takes, and those it only comes after. */
  readonly consumes?: readonly RunNode[];
  readonly after?: readonly RunNode[];
  /** Trigger rule as regards `after`; default `all_success`. */
  readonly rule?: number;
  readonly work: ContainerWork<RunNode>;
}

/** Submits a container: it begins at once, takes no slot, and ends once its children have. */
export function submitContainer(submissions: Submissions, scope: CodeScope, container: Container): RunNode {
  const { consumes = [], after = [], rule = ALL_SUCCESS } = container;
  // A rule such as one_failed is about what a group comes after; without any, the group simply begins.
  const isRuled = rule !== ALL_SUCCESS && after.length > 0 && consumes.length === 0;
  return submissions.submit({
    scope,
    parent: scope.node,
    kind: container.kind,
    verb: container.kind,
    name: container.name,
    module: '',
    inputs: { type: 'text', text: container.identity },
    consumes,
    after,
    options: isRuled ? { ...CONTAINER_OPTIONS, rule } : CONTAINER_OPTIONS,
    explicitKey: container.key,
    handled: false,
    work: () => container.work,
    definition: undefined,
    at: container.at,
  });
}
