import type { OperationPerformer } from './operation.ts';

export interface LoopOptions {
  /** Cycles after which it ends in any case. */
  readonly max: number;
}

/** One turn of a loop, as its body sees it. */
export interface CycleScope {
  readonly index: number;
  metric(name: string, value: number, unit?: string): void;
  exit(reason: string): void;
}

/** Why a loop ended when its body asked for no exit. */
const MAX_REACHED = 'max';

/**
 * A visible, data-dependent iteration: a loop container with one cycle container a turn. It ends when a cycle says
 * `exit(reason)`, or after `max` cycles. Its code runs where the author's code runs.
 */
export function performLoop(
  outer: OperationPerformer,
  name: string,
  { max }: LoopOptions,
  body: (cycle: CycleScope) => Promise<unknown>,
): PromiseLike<unknown> {
  const cycles = async (loop: OperationPerformer): Promise<unknown> => {
    let value: unknown;
    let reason: string | undefined;
    let index = 0;
    const exit = (why: string): void => {
      reason = why;
    };
    for (; index < max && reason === undefined; index += 1)
      value = await runCycle(loop, name, index, exit, body);
    reason ??= MAX_REACHED;
    loop.perform({ kind: 'say', entry: 'exit', body: { reason, cycles: index }, once: 'exit' });
    return { value, cycles: index, reason };
  };
  return outer.perform({ kind: 'container', container: 'loop', name, identity: [], body: cycles });
}

function runCycle(
  loop: OperationPerformer,
  name: string,
  index: number,
  exit: CycleScope['exit'],
  body: (cycle: CycleScope) => Promise<unknown>,
): PromiseLike<unknown> {
  const turn = (cycle: OperationPerformer): Promise<unknown> =>
    body({
      index,
      metric: (metric, value, unit = '') => {
        const figure = { name: metric, value, unit };
        cycle.perform({ kind: 'say', entry: 'metric', body: figure, once: `metric ${metric}` });
      },
      exit,
    });
  return loop.perform({ kind: 'container', container: 'cycle', name, identity: [index], body: turn });
}
