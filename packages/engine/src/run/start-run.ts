import { SiderealError } from '@sidereal/core';
import { ambient } from '../context/ambient.ts';
import type { FlowDefinition } from '../definitions/flow-definition.ts';
import { userCallSite } from '../identity/call-site.ts';
import { copyForReader } from '../data/futures-in-values.ts';
import { checkOptions } from '../options/check-options.ts';
import { previewValue } from '../results/preview.ts';
import { liveRuns } from '../process/live-runs.ts';
import type { LiveRun } from '../process/live-run.ts';
import { tellOnStderr } from '../process/told-on-stderr.ts';
import { endedBy } from '../process/untaken-outcomes.ts';
import type { CancelPart, RunHandle, RunOutcome } from './life/run-handle.ts';
import type { RunLife } from './life/run-life.ts';
import { nodeNotFound } from './nodes/find-node.ts';
import { CANCEL_OPTIONS, RUN_OPTIONS, type RunOptions } from './life/run-options.ts';

/**
 * Starts (or continues) a run of a flow in this process. The engine proper is loaded only now: worker threads
 * import the same package to find their tasks, and need none of it. Throws `INVALID_FLOW` for what is no
 * definition of a flow, `INVALID_OPTION` for options that do not exist or make no sense.
 */
export function startRun(definition: FlowDefinition, input: unknown, options: RunOptions = {}): RunHandle {
  assertFlow(definition);
  checkOptions('startRun', RUN_OPTIONS, options);
  // What is given now is what runs, whoever changes it before the run has begun.
  const given = copyForReader(input);
  const id = Promise.withResolvers<string>();
  id.promise.catch(() => undefined);
  let life: RunLife | undefined;
  let cancelReason: string | undefined;
  const early: Parameters<LiveRun['strayed']>[] = [];
  const execute = async (): Promise<RunOutcome> => {
    const { RunLife: Life } = await import('./life/run-life.ts');
    life = new Life(definition, given, options, id);
    if (cancelReason !== undefined) life.cancel(cancelReason);
    for (const stray of early) life.strayed(...stray);
    return life.execute();
  };
  let runId: string | undefined;
  id.promise.then(
    (known) => (runId = known),
    () => undefined, // the outcome says why
  );
  const cancel = (reason: string): void => {
    cancelReason = reason;
    life?.cancel(reason);
  };
  const cancelPart = (reason: string, part: CancelPart = {}): void => {
    checkOptions('cancel', CANCEL_OPTIONS, part);
    const { task } = part;
    if (task === undefined) cancel(reason);
    else if (life === undefined) throw nodeNotFound(task);
    else life.cancelPart(reason, task);
  };
  const { onProcess } = options;
  const live: LiveRun = {
    flow: definition.name,
    get id() {
      return runId;
    },
    ownsSignals: options.ownsSignals ?? false,
    cancel,
    tell: (event) => (onProcess === undefined ? tellOnStderr(event, live) : onProcess(event)),
    status: () => life?.status() ?? ['it is being started'],
    owns: ({ info }) => info.runId === runId,
    remark: (scope, body) => life?.remark(scope, body),
    strayed: (...stray) => {
      if (life === undefined) early.push(stray);
      else life.strayed(...stray);
    },
    failed: (error) => life?.failed(error),
    interrupt: () => life?.interrupt() ?? true,
  };
  ambient.alive += 1;
  liveRuns.enter(live);
  const outcome = execute().finally(() => {
    ambient.alive -= 1;
    liveRuns.leave(live);
  });
  const result = outcome.then((ended) => {
    const { error, state } = ended;
    if (error !== undefined) {
      endedBy(error, state);
      throw error;
    }
    return ended.value;
  });
  // Whoever started it may watch `outcome` instead.
  result.catch(() => undefined);
  return {
    id: id.promise,
    result,
    outcome,
    cancel: cancelPart,
    progress: () => life?.progress() ?? [],
  };
}

function assertFlow(definition: unknown): void {
  if (
    typeof definition === 'object' &&
    definition !== null &&
    'kind' in definition &&
    definition.kind === 'flow'
  )
    return;
  throw new SiderealError('INVALID_FLOW', `startRun was given ${previewValue(definition)} to run`, {
    at: userCallSite()?.at,
    remedy: "Give a flow's definition: startRun(myFlow.definition, input).",
  });
}
