import type { LogLevel } from '@sidereal/core';
import { AsyncLocalStorage } from 'node:async_hooks';
import { currentScope } from './current-scope.ts';

/** Records a line of the current run's log; `fields` are kept as data. */
export interface Log {
  (message: string, fields?: Readonly<Record<string, unknown>>): void;
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

function say(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void {
  const body = fields === undefined ? { level, message } : { level, message, fields };
  currentScope('run.log').say('log', body, undefined);
}

const log: Log = Object.assign(
  (message: string, fields?: Readonly<Record<string, unknown>>) => say('info', message, fields),
  {
    debug: say.bind(undefined, 'debug'),
    info: say.bind(undefined, 'info'),
    warn: say.bind(undefined, 'warn'),
    error: say.bind(undefined, 'error'),
  },
);

/** The current run, found through async context: a task, or the flow itself. */
export const run = {
  /** Id of the flow run. */
  get id(): string {
    return currentScope('run.id').info.runId;
  },
  /** Task key of the current run. */
  get key(): string {
    return currentScope('run.key').info.key;
  },
  get name(): string {
    return currentScope('run.name').info.name;
  },
  /** Number of the current attempt, from 1. */
  get attempt(): number {
    return currentScope('run.attempt').info.attempt;
  },
  /** Aborted when the current run should stop: cancelled or timed out. */
  get signal(): AbortSignal {
    return currentScope('run.signal').signal;
  },
  /** The same for every attempt of this run and no other: lets the outside world recognise a repetition. */
  get idempotencyKey(): string {
    const { runId, key } = currentScope('run.idempotencyKey').info;
    return `${runId}/${key}`;
  },
  log,
  /** How far the current run is: `run.progress(12, 64)`. */
  progress(done: number, total?: number, message?: string): void {
    const body = {
      done,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    currentScope('run.progress').say('progress', body, undefined);
  },
  /** Milliseconds since the epoch; recorded, and the same again when the flow is resumed. */
  now(): number {
    return currentScope('run.now').effect('now', () => Date.now());
  },
  /** A random number in [0, 1); recorded, and the same again when the flow is resumed. */
  random(): number {
    return currentScope('run.random').effect('random', () => Math.random());
  },
  /**
   * Keeps the current run's context for a function that is called later from elsewhere. A listener needs it: Node calls
   * that in the context of whoever emits, which may be another run, or none.
   */
  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    currentScope('run.bind');
    const inContext = AsyncLocalStorage.snapshot();
    const bound = function (this: unknown, ...args: never[]): unknown {
      return inContext(() => Reflect.apply(fn, this, args) as unknown);
    };
    return bound as F;
  },
} as const;
