import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import { isFutureField, isStandardSchema } from '../../definitions/flow-schema.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { findFutures } from '../../data/futures-in-values.ts';
import type { CallSite } from '../../context/scope.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { resolveOptions, type ResolvedOptions } from '../nodes/resolved-options.ts';
import type { RunNode } from '../nodes/run-node.ts';

/** Options of each call site of a stage, resolved once. */
const stageOptionsOf = new WeakMap<CallSite, ResolvedOptions>();

/** Options of a stage: those of its flow, and over them those of the call site. */
export function stageOptions(definition: FlowDefinition, call: CallSite): ResolvedOptions {
  let options = stageOptionsOf.get(call);
  if (options === undefined) {
    const { retries, timeout, persist, tags } = definition.options;
    options = resolveOptions(
      {
        ...(retries === undefined ? {} : { retries }),
        ...(timeout === undefined ? {} : { timeout }),
        ...(persist === undefined ? {} : { persist }),
        ...(tags === undefined ? {} : { tags }),
      },
      call.overrides,
    );
    stageOptionsOf.set(call, options);
  }
  return options;
}

/** Trigger rule of a call. */
export function ruleOf(
  scope: CodeScope,
  definition: TaskDefinition | FlowDefinition,
  call: CallSite,
): number {
  return definition.kind === 'task'
    ? scope.node.stage.optionsOf(definition, call).rule
    : stageOptions(definition, call).rule;
}

/** The call site of what a map or reduce submits: the author's key is that of the whole. */
export function withoutKey(call: CallSite): CallSite {
  const { key, ...overrides } = call.overrides;
  return key === undefined ? call : { ...call, overrides };
}

/** Nodes in fields of a stage's input that pass through unresolved. */
export function passingFields(definition: FlowDefinition, input: unknown): ReadonlySet<RunNode> {
  const schema = definition.options.input;
  const passing = new Set<RunNode>();
  if (schema === undefined || isStandardSchema(schema) || typeof input !== 'object' || input === null)
    return passing;
  for (const [field, value] of Object.entries(input)) {
    const declared = schema[field];
    if (declared === undefined || !isFutureField(declared)) continue;
    for (const future of findFutures(value))
      if (future instanceof RunFuture && future.node !== undefined) passing.add(future.node);
  }
  return passing;
}
