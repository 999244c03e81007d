import { byteSize, durationMs, NO_RETRY, TRIGGER_RULES, type RetryPolicy } from '@sidereal/core';
import type { CallOverrides } from '../../definitions/call-overrides.ts';
import type { RetryOptions } from '../../definitions/task-definition.ts';
import type { Shortage } from './shortage.ts';
import type { Amounts } from './stage-resources.ts';

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
  /** Named resources that it needs, by name. */
  readonly resources: Amounts;
  /** Set of the claims on these (`StageResources.claimSet`); 0 for none. */
  readonly claims: number;
  /** It needs more than there is. */
  readonly shortage: Shortage | undefined;
  readonly persist: boolean;
  readonly strict: boolean;
  readonly onUnknown: 'fail' | 'rerun';
  /** As it says itself; undefined: that of what called it. */
  readonly priority: number | undefined;
  readonly tags: readonly string[];
  readonly key: string | undefined;
  readonly arrays: 'own' | 'borrow';
}

/** Merges options, the later over the earlier. Throws for durations and sizes that are none. */
export function resolveOptions(...layers: readonly CallOverrides[]): ResolvedOptions {
  const merged: CallOverrides = {};
  // What is needed is said name by name: a task that needs a gpu still needs the memory that its flow says.
  for (const layer of layers)
    Object.assign(merged, layer, { resources: { ...merged.resources, ...layer.resources } });
  const { memory, ...resources } = merged.resources ?? {};
  const strict = merged.durability === 'strict';
  return {
    on: merged.on,
    rule: TRIGGER_RULES.indexOf(merged.when ?? 'all_success'),
    retries: retryPolicy(merged.retries),
    retryIf: typeof merged.retries === 'object' ? merged.retries.retryIf : undefined,
    timeoutMs: merged.timeout === undefined ? 0 : durationMs(merged.timeout),
    memoryBytes: memory === undefined ? -1 : byteSize(memory),
    resources: amountsOf(resources),
    claims: 0,
    shortage: undefined,
    persist: merged.persist ?? strict,
    strict,
    onUnknown: merged.onUnknown ?? 'fail',
    priority: merged.priority,
    tags: merged.tags ?? [],
    key: merged.key,
    arrays: merged.arrays ?? 'own',
  };
}

function amountsOf(resources: Readonly<Record<string, unknown>>): Amounts {
  const amounts: Record<string, number> = {};
  for (const [name, amount] of Object.entries(resources))
    if (typeof amount === 'number') amounts[name] = amount;
  return amounts;
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
