import type { TaskFuture } from '../future.ts';
import type { StandardSchema } from './standard-schema.ts';

/** A field that passes through unresolved: the stage starts without waiting for it. See {@link future}. */
export interface FutureField<T> {
  readonly '~future': true;
  readonly '~value'?: T;
}

/** Input of a flow: one schema, or a record of fields, of which some may be futures. */
export type FlowSchema = StandardSchema | FieldSchemas;
export interface FieldSchemas {
  readonly [field: string]: StandardSchema | FutureField<unknown>;
}

/** What a caller of the flow gives. */
export type FlowInput<S extends FlowSchema> =
  S extends StandardSchema<infer In, unknown>
    ? In
    : {
        [K in keyof S]: S[K] extends FutureField<infer T>
          ? T
          : S[K] extends StandardSchema<infer In, unknown>
            ? In
            : never;
      };

/** What the flow's body gets. */
export type FlowOutput<S extends FlowSchema> =
  S extends StandardSchema<infer _In, infer Out>
    ? Out
    : {
        [K in keyof S]: S[K] extends FutureField<infer T>
          ? TaskFuture<T>
          : S[K] extends StandardSchema<infer _In, infer Out>
            ? Out
            : never;
      };

/**
 * A field of a flow's input that stays a future: the stage starts at once and passes it on to its tasks.
 *
 * @example
 * flow({ name: 'image', input: { target: z.string(), vis: future<Visibilities>() } }, async ({ target, vis }) => …)
 */
export function future<T>(): FutureField<T> {
  return { '~future': true };
}

export function isFutureField(value: object): value is FutureField<unknown> {
  return '~future' in value;
}

export function isStandardSchema(value: object): value is StandardSchema {
  return '~standard' in value;
}
