import type { StandardSchema } from './standard-schema.ts';

/** A field that passes through unresolved: the stage starts without waiting for it. See `future`. */
export interface FutureField<T> {
  readonly '~future': true;
  readonly '~value'?: T;
}

/** Input of a flow: one schema, or a record of fields, of which some may be futures. */
export type FlowSchema = StandardSchema | FieldSchemas;
export interface FieldSchemas {
  readonly [field: string]: StandardSchema | FutureField<unknown>;
}

export function isFutureField(value: object): value is FutureField<unknown> {
  return '~future' in value;
}

export function isStandardSchema(value: object): value is StandardSchema {
  return '~standard' in value;
}
