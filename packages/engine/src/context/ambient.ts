import { AsyncLocalStorage } from 'node:async_hooks';
import type { JournalStore } from '@sidereal/core';
import type { FlowDefinition } from '../definitions/flow-definition.ts';
import type { TaskDefinition } from '../definitions/task-definition.ts';
import type { Scope } from './scope.ts';

/**
 * What every copy of the package in one thread must share: the async context, the registry of definitions,
 * and whether a flow is alive. It hangs on a global symbol, because the thread entry is a bundle of its own
 * and the user's module imports the package beside it.
 */
export interface Ambient {
  readonly storage: AsyncLocalStorage<Scope>;
  /** `module#name` → definition, for those at module level. */
  readonly registry: Map<string, TaskDefinition | FlowDefinition>;
  /** Top-level flow runs under way in this thread. */
  alive: number;
  /** Set in a runner's thread while it imports user modules: calling a flow then is an error. */
  importing: string | undefined;
  /** Opens the store that runs are recorded in unless told otherwise. */
  openStore: (() => Promise<JournalStore>) | undefined;
  /** True in a runner's thread. */
  isRunnerThread: boolean;
}

const AMBIENT = Symbol.for('sidereal.ambient/1');
type Host = { [AMBIENT]?: Ambient };

/** This thread's one ambient record. */
export const ambient: Ambient = ((globalThis as Host)[AMBIENT] ??= {
  storage: new AsyncLocalStorage<Scope>(),
  registry: new Map(),
  alive: 0,
  importing: undefined,
  openStore: undefined,
  isRunnerThread: false,
});

/** Key of a definition in the registry. */
export function registryKey(module: string, name: string): string {
  return `${module}#${name}`;
}
