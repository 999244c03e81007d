import type { NodeKind } from '@sidereal/core';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { ALL_SUCCESS, CONTAINER_OPTIONS } from './resolved-options.ts';
import type { ContainerWork, RunNode } from './run-node.ts';

/** A group, loop, cycle, map or reduce to be submitted. */
export interface Container {
  readonly kind: NodeKind;
  readonly name: string;
  /** What tells it from its siblings beyond kind and name (a loop's cycle number, a map's explicit key). */
  readonly identity: readonly unknown[];
  readonly parent: RunNode;
  /** Runs that it begins after: those whose values it takes, and those it only comes after. */
  readonly consumes?: readonly RunNode[];
  readonly after?: readonly RunNode[];
  /** Trigger rule as regards `after`; default `all_success`. */
  readonly rule?: number;
  readonly work: ContainerWork;
}

/** Submits a container: it begins at once, takes no slot, and ends once its children have. */
export function submitContainer(run: FlowRun, scope: MainScope, container: Container): RunNode {
  const { consumes = [], after = [], rule = ALL_SUCCESS } = container;
  // A rule such as one_failed is about what a group comes after; without any, the group simply begins.
  const isRuled = rule !== ALL_SUCCESS && after.length > 0 && consumes.length === 0;
  return run.calls.submit({
    scope,
    parent: container.parent,
    kind: container.kind,
    verb: container.kind,
    name: container.name,
    module: '',
    inputs: container.identity,
    consumes,
    after,
    options: isRuled ? { ...CONTAINER_OPTIONS, rule } : CONTAINER_OPTIONS,
    explicitKey: undefined,
    handled: false,
    work: () => container.work,
    definition: undefined,
  });
}
