import { ambient } from '../ambient.ts';
import type { FlowDefinition } from '../authoring/flow-definition.ts';
import type { RunLife } from './life/run-life.ts';
import type { RunHandle, RunOptions, RunOutcome } from './life/run-options.ts';

/**
 * Starts (or continues) a run of a flow in this process. The engine proper is loaded only now: worker threads
 * import the same package to find their tasks, and need none of it.
 */
export function startRun(definition: FlowDefinition, input: unknown, options: RunOptions = {}): RunHandle {
  const id = Promise.withResolvers<string>();
  id.promise.catch(() => undefined);
  let life: RunLife | undefined;
  let cancelReason: string | undefined;
  const execute = async (): Promise<RunOutcome> => {
    const { RunLife: Life } = await import('./life/run-life.ts');
    life = new Life(definition, input, options, id);
    if (cancelReason !== undefined) life.cancel(cancelReason);
    return life.execute();
  };
  ambient.alive += 1;
  const outcome = execute().finally(() => {
    ambient.alive -= 1;
  });
  const result = outcome.then((ended) => {
    if (ended.error !== undefined) throw ended.error;
    return ended.value;
  });
  // Whoever started it may watch `outcome` instead.
  result.catch(() => undefined);
  return {
    id: id.promise,
    result,
    outcome,
    cancel: (reason) => {
      cancelReason = reason;
      life?.cancel(reason);
    },
    progress: () => life?.progress() ?? [],
  };
}
