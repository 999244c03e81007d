import type { CanonicalText, NodeKind } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import type { ResolvedOptions } from '../nodes/resolved-options.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Refusal, Work } from '../nodes/work.ts';
import type { Given } from './given.ts';

export type CallInputs =
  { readonly type: 'given'; readonly given: Given } | { readonly type: 'text'; readonly text: CanonicalText };

/** The runs whose values are among what a call was given, those included that a stage passes on and does not wait for. */
export function givenTo({ inputs, consumes }: Pick<Call, 'inputs' | 'consumes'>): readonly RunNode[] {
  return inputs.type === 'given' ? inputs.given.nodes : consumes;
}

/** What a call is, before it has a node. */
export interface Call {
  readonly scope: CodeScope;
  /** Node that it is a child of: the scope's own, or a map group's. */
  readonly parent: RunNode;
  readonly kind: NodeKind;
  readonly verb: string;
  readonly name: string;
  /** URL of the module of its task or flow; empty for groups. */
  readonly module: string;
  /** What it was given; of a group, what tells it from its siblings. */
  readonly inputs: CallInputs;
  readonly consumes: readonly RunNode[];
  readonly after: readonly RunNode[];
  readonly options: ResolvedOptions;
  readonly explicitKey: string | undefined;
  readonly handled: boolean;
  /** What it executes, once it has a number in the journal. */
  readonly work: (idx: number) => Work<RunNode>;
  readonly definition: TaskDefinition | FlowDefinition | undefined;
  /** The user's own line. */
  readonly at: () => string | undefined;
  /** Place among the items of its map. */
  readonly place?: number | undefined;
  /** Inputs that were skipped are left out, instead of skipping the run. */
  readonly leavesOutSkipped?: boolean | undefined;
  /** Why it fails without running. */
  readonly refusal?: Refusal | undefined;
}
