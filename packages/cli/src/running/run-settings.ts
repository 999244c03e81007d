import { LOG_LEVELS, storeFolderIn, type LogLevel } from '@sidereal/core';
import type { Arguments } from '../command-line/arguments.ts';
import type { Context } from '../context.ts';

/** How `run`, `resume` and `retry` present what they execute. */
export interface RunSettings {
  /** Folder of the store. */
  readonly store: string;
  readonly json: boolean;
  readonly progress: boolean;
  /** Nothing is said that is not asked for. */
  readonly isSilent: boolean;
  /** Log entries of this level and above are shown; undefined: none. */
  readonly logs: LogLevel | undefined;
}

export const LEVELS = Object.keys(LOG_LEVELS).filter(isLevel);

function isLevel(text: string): text is LogLevel {
  return Object.hasOwn(LOG_LEVELS, text);
}

export function runSettings(args: Arguments, context: Context): RunSettings {
  const [logs = 'info'] = args.choices('logs', [...LEVELS, 'none']);
  return {
    store: storeFolder(args, context),
    json: args.has('json'),
    progress: !args.has('no-progress'),
    isSilent: args.has('no-progress'),
    logs: logs === 'none' ? undefined : logs,
  };
}

/** Folder of the store that a command is about. */
export function storeFolder(args: Arguments, context: Context): string {
  return args.text('store') ?? storeFolderIn(context.env);
}
