import type { FlowDefinition } from '../authoring/flow-definition.ts';
import { isFutureField, isStandardSchema } from '../authoring/flow-schema.ts';
import type { CallSite } from '../scope.ts';
import { findThenables } from './resolve-deep.ts';
import { resolveOptions, type ResolvedOptions } from './resolved-options.ts';
import { RunFuture } from './run-future.ts';
import type { RunNode } from './run-node.ts';

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

/** Nodes in fields of a stage's input that pass through unresolved. */
export function passingFields(definition: FlowDefinition, input: unknown): ReadonlySet<RunNode> {
  const schema = definition.options.input;
  const passing = new Set<RunNode>();
  if (schema === undefined || isStandardSchema(schema) || typeof input !== 'object' || input === null)
    return passing;
  for (const [field, value] of Object.entries(input)) {
    const declared = schema[field];
    if (declared === undefined || !isFutureField(declared)) continue;
    findThenables(value, (thenable) => {
      if (thenable instanceof RunFuture && thenable.node !== undefined) passing.add(thenable.node);
    });
  }
  return passing;
}
