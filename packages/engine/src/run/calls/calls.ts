import { callerContext } from '../../context/caller-context.ts';
import type { CallSite } from '../../context/scope.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { Futures } from '../futures/futures.ts';
import type { OpenCalls } from '../futures/open-calls.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { OUTSTANDING } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Refusal } from '../nodes/work.ts';
import { flowEnded, tooManyCalls } from './call-errors.ts';
import type { Given, Intake, Pending } from './given.ts';
import { ruleOf } from './stage-call.ts';
import type { CallDetails, Submissions } from './submissions.ts';

/** Plain calls that may be outstanding unless told otherwise: they cannot be pushed back as `map` can. */
const MAX_OUTSTANDING = 2 ** 20 + 2 ** 16;

export interface CallParts {
  readonly loop: RunLoop;
  readonly futures: Futures;
  readonly openCalls: OpenCalls;
  readonly intake: Intake;
  readonly submissions: Submissions;
  readonly maxOutstanding: number | undefined;
}

/** Submits one call of a task or stage, once its arguments are there. */
type Submit = (given: Given, details: CallDetails) => RunNode;

/** Plain calls of tasks and stages: `grid(vis, 3)`. Each gives a future; it waits, if it must, for promises among its arguments. */
export class Calls {
  readonly #parts: CallParts;
  readonly #limit: number;
  /** Calls that have been made and have not ended; those among them that wait for a plain promise. */
  #outstanding = 0;
  #late = 0;

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.#limit = parts.maxOutstanding ?? MAX_OUTSTANDING;
  }

  task(scope: CodeScope, definition: TaskDefinition, args: readonly unknown[], call: CallSite): RunFuture {
    if (this.#outstanding + this.#late >= this.#limit)
      throw tooManyCalls(definition.name, this.#limit, call.at());
    const { loop, submissions } = this.#parts;
    return this.#future(scope, definition, args, call, (given, details) => {
      const node = submissions.task(scope, scope.node, definition, given, call, details);
      if (!loop.scheduler.hasEnded(node.id)) {
        node.set(OUTSTANDING);
        this.#outstanding += 1;
      }
      return node;
    });
  }

  stage(scope: CodeScope, definition: FlowDefinition, input: unknown, call: CallSite): RunFuture {
    const args = input === undefined ? [] : [input];
    return this.#future(scope, definition, args, call, (given, details) =>
      this.#parts.submissions.stage(scope, scope.node, definition, given, call, details),
    );
  }

  /** A node has ended. */
  ended(node: RunNode): void {
    if (!node.has(OUTSTANDING)) return;
    node.clear(OUTSTANDING);
    this.#outstanding -= 1;
  }

  #future(
    scope: CodeScope,
    definition: TaskDefinition | FlowDefinition,
    args: readonly unknown[],
    call: CallSite,
    submit: Submit,
  ): RunFuture {
    const { futures, intake } = this.#parts;
    const caller = callerContext();
    const given = intake.take(args, 'a call', call);
    const after = intake.futuresAmong(call.after, 'after', call);
    if (given.promises.length === 0 && after.promises.length === 0)
      return futures.futureOf(scope, submit(given, { after: after.nodes, handled: false, caller }));
    const submitted = this.#submitLate(scope, definition, given, call, (come, details) =>
      submit(come, { ...details, caller }),
    );
    const future = new RunFuture(futures, scope, submitted);
    submitted.then(
      (node) => futures.retain(future, scope, node),
      // It could not be submitted.
      (error: unknown) => scope.dropped(error, () => future.isHandled),
    );
    return future;
  }

  async #submitLate(
    scope: CodeScope,
    definition: TaskDefinition | FlowDefinition,
    given: Pending,
    call: CallSite,
    submit: (given: Given, details: Omit<CallDetails, 'caller'>) => RunNode,
  ): Promise<RunNode> {
    const { loop, openCalls, intake } = this.#parts;
    // Asked for when it is submitted, far from the user's line.
    const at = call.at();
    const site = { ...call, at: () => at };
    const release = openCalls.hold(scope.node);
    this.#late += 1;
    try {
      const come = await intake.come(given, site, ruleOf(scope, definition, call));
      const after = await intake.come(intake.take(call.after, 'after', site), site);
      // What it waited for has come too late.
      if (!loop.isOpen(scope)) throw flowEnded(definition.name, scope.node, at);
      return submit(come, {
        after: after.nodes,
        handled: false,
        refusal: refusalOf(come.rejection ?? after.rejection),
      });
    } finally {
      this.#late -= 1;
      release();
    }
  }
}

/** A call fails without running if a promise among what it was given has rejected. */
export function refusalOf(rejection: { readonly error: unknown } | undefined): Refusal | undefined {
  return rejection === undefined ? undefined : { reason: 'input_rejected', error: rejection.error };
}
