import type { TaskOptions } from './task-definition.ts';

/** What a call sets: options of the task over its own, and what identifies this call. */
export interface CallOverrides extends Omit<TaskOptions, 'name'> {
  /** Overrides the task key's inputs: what identifies this call among its siblings. */
  readonly key?: string;
}
