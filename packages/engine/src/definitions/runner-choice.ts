/**
 * Which kind of runner a flow wants, and how: plain data, so that equal choices share one runner. Made by the
 * kind's own function, such as `threads(4)`.
 */
export interface RunnerChoice {
  /** Name of a registered kind. */
  readonly runner: string;
  /** Tasks at once; default: the kind's own. */
  readonly size?: number | undefined;
  /** Further options of the kind. */
  readonly [option: string]: string | number | boolean | null | undefined;
}
