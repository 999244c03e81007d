import { byteSize, durationMs, NO_RETRY, TRIGGER_RULES, type RetryPolicy } from '@sidereal/core';
import type { CallOverrides } from '../../definitions/call-overrides.ts';
import type { RetryOptions } from '../../definitions/task-definition.ts';

/** Options of a run with every default and unit resolved: what the hot path reads. */
export interface ResolvedOptions {
  readonly on: string | undefined;
  /** Index into TRIGGER_RULES. */
  readonly rule: number;
  readonly retries: RetryPolicy;
  readonly retryIf: ((error: unknown) => boolean) | undefined;
  /** 0: none. */
  readonly timeoutMs: number;
  /** -1: learned. */
  readonly memoryBytes: number;
  readonly persist: boolean;
  readonly strict: boolean;
  readonly onUnknown: 'fail' | 'rerun';
  readonly priority: number;
  readonly tags: readonly string[];
  readonly key: string | undefined;
  readonly arrays: 'own' | 'borrow';
}

/** Merges options, the later over the earlier. Throws for durations and sizes that are none. */
export function resolveOptions(...layers: readonly CallOverrides[]): ResolvedOptions {
  const merged: CallOverrides = {};
  for (const layer of layers) Object.assign(merged, layer);
  const strict = merged.durability === 'strict';
  return {
    on: merged.on,
    rule: TRIGGER_RULES.indexOf(merged.when ?? 'all_success'),
    retries: retryPolicy(merged.retries),
    retryIf: typeof merged.retries === 'object' ? merged.retries.retryIf : undefined,
    timeoutMs: merged.timeout === undefined ? 0 : durationMs(merged.timeout),
    memoryBytes: merged.resources?.memory === undefined ? -1 : byteSize(merged.resources.memory),
    persist: merged.persist ?? strict,
    strict,
    onUnknown: merged.onUnknown ?? 'fail',
    priority: merged.priority ?? 0,
    tags: merged.tags ?? [],
    key: merged.key,
    arrays: merged.arrays ?? 'own',
  };
}

function retryPolicy(retries: number | RetryOptions | undefined): RetryPolicy {
  if (retries === undefined) return NO_RETRY;
  if (typeof retries === 'number') return { ...NO_RETRY, limit: retries };
  return {
    limit: retries.limit,
    delayMs: retries.delay === undefined ? 0 : durationMs(retries.delay),
    factor: retries.factor ?? 1,
    maxDelayMs: retries.maxDelay === undefined ? NO_RETRY.maxDelayMs : durationMs(retries.maxDelay),
    jitter: retries.jitter ?? 0,
  };
}

/** Code of the default trigger rule; all others are tolerant. */
export const ALL_SUCCESS = TRIGGER_RULES.indexOf('all_success');

/** Code of the rule that skipped inputs satisfy too. */
export const NONE_FAILED = TRIGGER_RULES.indexOf('none_failed');

/** Of groups, loops, maps and reduces. */
export const CONTAINER_OPTIONS: ResolvedOptions = resolveOptions();
/** Of the engine's own nodes that accept any outcome. */
export const TOLERANT_OPTIONS: ResolvedOptions = resolveOptions({ when: 'all_done' });
