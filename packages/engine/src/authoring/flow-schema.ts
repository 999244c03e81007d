import type { TaskFuture } from '../future/future.ts';
import type { FlowSchema, FutureField } from '../definitions/flow-schema.ts';
import type { StandardSchema } from '../definitions/standard-schema.ts';

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
