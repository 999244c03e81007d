import { hasEnded } from '@sidereal/core';
import { expect } from 'vitest';
import type { Flow, RunHandle, RunnerChoice } from '../../src/index.ts';
import type { EndedRun, TestRunOptions, TestStore } from '../../src/testing/test-store.ts';
import type { Program } from './program.ts';
import { catchStrays } from './stray-rejections.ts';

/** A program that has not ended by then hangs. */
const PATIENCE_MS = 20_000;

/** The flow as it is, but its tasks on this runner. */
export function placed<Input, T>(
  flow: Flow<Input, T>,
  runner: RunnerChoice,
): Pick<Flow<Input, T>, 'definition'> {
  const { definition } = flow;
  return { definition: { ...definition, options: { ...definition.options, runner } } };
}

/** Runs a flow to its end; rejects if it hangs, or leaves behind a rejection that nobody catches. */
export async function execute(
  runs: TestStore,
  flow: Pick<Flow<never, unknown>, 'definition'>,
  input?: unknown,
  options?: TestRunOptions,
): Promise<EndedRun<unknown>> {
  const stray = Promise.withResolvers<never>();
  using _ = catchStrays((reason) => stray.reject(reason));
  const handle = runs.start(flow, input, options);
  const timer = setTimeout(() => stray.reject(new Error('the run hangs')), PATIENCE_MS);
  try {
    const ended = await Promise.race([endOf(runs, handle, options), stray.promise]);
    // What is left behind comes up a turn later.
    await Promise.race([new Promise((resolve) => setImmediate(resolve)), stray.promise]);
    return ended;
  } catch (error) {
    handle.cancel('it went wrong');
    handle.cancel('it went wrong');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A run of a program came to what it must come to. */
export function expectOutcome(program: Program, { state, value, error }: EndedRun<unknown>): void {
  if (program.error === undefined) {
    expect(error).toBeUndefined();
    expect(value).toStrictEqual(program.value);
  } else {
    expect(error).toMatchObject(program.error);
  }
  expect(state).toBe(program.state ?? (program.error === undefined ? 'completed' : 'failed'));
}

/** A run that was gone on with counts only what it did itself; its record is complete like any other. */
async function endOf(
  runs: TestStore,
  handle: RunHandle,
  options: TestRunOptions | undefined,
): Promise<EndedRun<unknown>> {
  if (options?.resume === undefined) return runs.ended(handle);
  const { runId, state, value, error } = await handle.outcome;
  const record = runs.record(runId);
  expect(record.node(0).state).toBe(state);
  expect(record.nodes.filter((node) => !hasEnded(node.state))).toEqual([]);
  return { id: runId, state, value, error, record };
}
