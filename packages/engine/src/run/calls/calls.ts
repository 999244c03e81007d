import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { CallSite } from '../../context/scope.ts';
import type { Futures } from '../futures/futures.ts';
import type { OpenCalls } from '../futures/open-calls.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { OUTSTANDING } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Refusal } from '../nodes/work.ts';
import { flowEnded, tooManyCalls } from './call-errors.ts';
import { inspect } from './inspect.ts';
import { literals } from './literals.ts';
import { ruleOf } from './stage-call.ts';
import type { Submissions } from './submissions.ts';

/** Plain calls that may be outstanding unless told otherwise: they cannot be pushed back as `map` can. */
const MAX_OUTSTANDING = 2 ** 20 + 2 ** 16;

export interface CallParts {
  readonly loop: RunLoop;
  readonly futures: Futures;
  readonly openCalls: OpenCalls;
  readonly submissions: Submissions;
  readonly maxOutstanding: number | undefined;
}

/** Submits one call of a task or stage, once its arguments are there. */
type Submit = (
  args: readonly unknown[],
  consumes: readonly RunNode[],
  after: readonly RunNode[],
  refusal: Refusal | undefined,
) => RunNode;

/** Plain calls of tasks and stages: `grid(vis, 3)`. Each gives a future; it waits, if it must, for promises among its arguments. */
export class Calls {
  readonly #loop: RunLoop;
  readonly #futures: Futures;
  readonly #openCalls: OpenCalls;
  readonly #submissions: Submissions;
  readonly #limit: number;
  /** Calls that have been made and have not ended; those among them that wait for a plain promise. */
  #outstanding = 0;
  #late = 0;

  constructor(parts: CallParts) {
    this.#loop = parts.loop;
    this.#futures = parts.futures;
    this.#openCalls = parts.openCalls;
    this.#submissions = parts.submissions;
    this.#limit = parts.maxOutstanding ?? MAX_OUTSTANDING;
  }

  task(scope: CodeScope, definition: TaskDefinition, args: readonly unknown[], call: CallSite): RunFuture {
    if (this.#outstanding + this.#late >= this.#limit)
      throw tooManyCalls(definition.name, this.#limit, call.at());
    return this.#future(scope, definition, args, call, (inputs, consumes, after, refusal) => {
      const details = { after, handled: false, refusal };
      const node = this.#submissions.task(scope, scope.node, definition, inputs, consumes, call, details);
      if (!this.#loop.scheduler.hasEnded(node.id)) {
        node.set(OUTSTANDING);
        this.#outstanding += 1;
      }
      return node;
    });
  }

  stage(scope: CodeScope, definition: FlowDefinition, input: unknown, call: CallSite): RunFuture {
    const inputs = input === undefined ? [] : [input];
    return this.#future(scope, definition, inputs, call, (resolved, consumes, after, refusal) => {
      const details = { after, handled: false, refusal };
      return this.#submissions.stage(scope, scope.node, definition, resolved, consumes, call, details);
    });
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
    const futures = this.#futures;
    const found = inspect(futures, args, 'a call', call);
    const after = inspect(futures, call.after, 'after', call);
    if (found.promises.length === 0 && after.promises.length === 0)
      return futures.futureOf(scope, submit(args, found.nodes, after.nodes, undefined));
    const submitted = this.#submitLate(scope, definition, args, call, submit);
    const future = new RunFuture(futures, scope, submitted);
    submitted.then(
      (node) => futures.retain(future, scope, node),
      // It could not be submitted: a promise among its arguments has rejected, or an input has no key.
      (error: unknown) => scope.dropped(error, () => future.isHandled),
    );
    return future;
  }

  async #submitLate(
    scope: CodeScope,
    definition: TaskDefinition | FlowDefinition,
    args: readonly unknown[],
    call: CallSite,
    submit: Submit,
  ): Promise<RunNode> {
    const release = this.#openCalls.hold(scope.node);
    this.#late += 1;
    try {
      const rule = ruleOf(scope, definition, call);
      const given = await literals(this.#futures, args, call, rule);
      const ordered = await literals(this.#futures, call.after, call);
      // What it waited for has come too late.
      if (!this.#loop.isOpen(scope)) throw flowEnded(definition.name, scope.node, undefined);
      const rejection = given.rejection ?? ordered.rejection;
      return submit(
        given.args,
        given.nodes,
        ordered.nodes,
        rejection === undefined ? undefined : { reason: 'input_rejected', error: rejection.error },
      );
    } finally {
      this.#late -= 1;
      release();
    }
  }
}
