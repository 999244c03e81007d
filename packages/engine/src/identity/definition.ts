import type { DefinitionOrigin } from './definition-site.ts';

/** What a task or flow is known by. */
export interface Definition {
  readonly kind: 'task' | 'flow';
  readonly name: string;
  /** URL of the module; empty if it has none that can be imported. */
  readonly module: string;
  /** `file:line:column`, as people wrote it. */
  readonly at: string;
  /** A thread that imports the module may find it there; see {@link DefinitionSite}. */
  readonly atModuleLevel: boolean;
  /** Undefined for one that `task()` and `flow()` have not made. */
  readonly origin?: DefinitionOrigin | undefined;
  readonly options: { readonly identity?: string };
}
