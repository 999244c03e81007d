import { SiderealError } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import { isFutureField, isStandardSchema, type FlowSchema } from '../../definitions/flow-schema.ts';
import type { SchemaIssue, StandardSchema } from '../../definitions/standard-schema.ts';
import { isThenable } from '../../future/future.ts';

/** A flow's input, validated by its schema. Throws `INVALID_INPUT`, naming every field at fault. */
export async function stageInput(flow: FlowDefinition, input: unknown): Promise<unknown> {
  const schema: FlowSchema | undefined = flow.options.input;
  if (schema === undefined) return undefined;
  if (isStandardSchema(schema)) return validated(flow, schema, input, []);
  if (typeof input !== 'object' || input === null) {
    throw invalid(flow, [{ message: `expected an object, got ${String(input)}` }]);
  }
  const given = input as Record<string, unknown>;
  const output: Record<string, unknown> = {};
  for (const [field, declared] of Object.entries(schema)) {
    const value = given[field];
    if (isFutureField(declared)) output[field] = isThenable(value) ? value : Promise.resolve(value);
    else output[field] = await validated(flow, declared, value, [field]);
  }
  return output;
}

async function validated(
  flow: FlowDefinition,
  schema: StandardSchema,
  value: unknown,
  path: readonly string[],
): Promise<unknown> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw invalid(
    flow,
    result.issues.map((issue) => ({ ...issue, path: [...path, ...(issue.path ?? [])] })),
  );
}

function invalid(flow: FlowDefinition, issues: readonly SchemaIssue[]): SiderealError<'INVALID_INPUT'> {
  const lines = issues.map(({ message, path = [] }) => {
    const at = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return at === '' ? message : `${at}: ${message}`;
  });
  return new SiderealError(
    'INVALID_INPUT',
    `flow '${flow.name}' does not accept its input: ${lines.join('; ')}`,
    {
      at: flow.at,
      remedy: 'Correct the input; the schema stands with the flow.',
    },
  );
}
