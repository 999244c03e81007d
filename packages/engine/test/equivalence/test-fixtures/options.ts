/** Options that nobody knows, or that make no sense: refused where they are written. */
import { flow, task } from '../../../src/index.ts';
import { double } from './arithmetic.ts';

/** What is said of options: the code, and whether the message names this. */
function said(attempt: () => unknown, named: RegExp): readonly unknown[] {
  try {
    attempt();
  } catch (error) {
    const { code, message, remedy } = error as Error & { code: string; remedy?: string };
    return [code, named.test(`${message} ${remedy ?? ''}`)];
  }
  return ['none', false];
}
const taskWith = (options: object) => () => task({ name: 'optional', ...options }, () => 1);
const flowWith = (options: object) => () => flow({ name: 'optional', ...options }, async () => 1);

export const unknownTaskOption = flow({ name: 'unknown-task-option' }, async () => [
  said(taskWith({ retry: 3 }), /\bretries\b/),
  said(taskWith({ timeOut: '5s' }), /\btimeout\b/),
  said(taskWith({ retriesDelay: 1 }), /retriesDelay/),
]);
export const unknownFlowOption = flow({ name: 'unknown-flow-option' }, async () => [
  said(flowWith({ runer: 'threads' }), /\brunner\b/),
  said(flowWith({ concurency: 2 }), /\bconcurrency\b/),
]);
export const unknownNested = flow({ name: 'unknown-nested' }, async () => [
  said(taskWith({ retries: { limits: 2 } }), /\blimit\b/),
  said(flowWith({ taskDefaults: { retrys: 2 } }), /\bretries\b/),
  said(taskWith({ resources: { memry: '1GiB' } }), /\bmemory\b/),
]);
export const unknownAtCall = flow({ name: 'unknown-at-call' }, async () => [
  said(() => double.with({ keyy: 'a' } as object), /\bkey\b/),
  said(() => double.map([1], { failfast: true } as object), /\bfailFast\b/),
]);
export const illTyped = flow({ name: 'ill-typed' }, async () => [
  said(taskWith({ on: 'gpu' }), /\bon\b/),
  said(taskWith({ retries: '3' }), /retries/),
  said(taskWith({ persist: 'yes' }), /persist/),
  said(taskWith({ durability: 'strikt' }), /strict/),
  said(taskWith({ onUnknown: 'perhaps' }), /onUnknown/),
  said(taskWith({ tags: 'night' }), /tags/),
  said(flowWith({ concurrency: 0 }), /concurrency/),
  said(flowWith({ runner: 'threads' }), /runner/),
]);
export const outOfRange = flow({ name: 'out-of-range' }, async () => [
  said(taskWith({ timeout: '5 minutes' }), /timeout/),
  said(taskWith({ retries: -1 }), /retries/),
  said(taskWith({ priority: 1.5 }), /priority/),
  said(taskWith({ timeout: Number.NaN }), /timeout/),
]);
export const delayBeyondMax = flow({ name: 'delay-beyond-max' }, async () => [
  said(taskWith({ retries: { limit: 1, delay: '6h' } }), /maxDelay/),
  said(taskWith({ retries: { limit: 1, delay: '2m', maxDelay: '1m' } }), /maxDelay/),
]);
export const delayWithinMax = flow({ name: 'delay-within-max' }, async () =>
  said(taskWith({ retries: { limit: 1, delay: '6h', maxDelay: '12h' } }), /./),
);
export const featuresToCome = flow({ name: 'features-to-come' }, async () => [
  said(taskWith({ cache: true }), /cache/),
  said(taskWith({ limits: ['archive'] }), /limits/),
]);
