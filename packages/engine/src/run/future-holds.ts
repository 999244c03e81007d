import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { RunFuture } from './run-future.ts';
import { RETAINED, type RunNode } from './run-node.ts';

/** Bytes from which a value is worth watching for whether its future is still held. */
const LARGE_BYTES = 64 * 1024;

/**
 * Values live while somebody may still use a future of theirs: until the code that got the future has ended,
 * or, for large values, until the future is out of reach.
 */
export class FutureHolds {
  readonly #run: FlowRun;
  readonly #held = new FinalizationRegistry<RunNode>((node) => this.release(node));

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** A future for the caller; the value is kept at least while the future may be used. */
  futureOf(scope: MainScope, node: RunNode): RunFuture {
    const future = new RunFuture(this.#run, scope, node);
    this.retain(future, scope, node);
    return future;
  }

  retain(future: RunFuture, scope: MainScope, node: RunNode): void {
    if (!node.has(RETAINED)) {
      node.set(RETAINED);
      scope.retained(node);
      this.#run.scheduler.retain(node.id);
    }
    if (node.work.type === 'container') this.#held.register(future, node);
    else node.future = new WeakRef(future);
  }

  /** A value has come: if it is large, it is let go as soon as its future is out of reach and nothing consumes it. */
  watch(node: RunNode, bytes: number): void {
    const { future } = node;
    node.future = undefined;
    if (bytes <= LARGE_BYTES || future === undefined) return;
    const held = future.deref();
    if (held === undefined) this.release(node);
    else this.#held.register(held, node);
  }

  /** Its future is out of reach, or its caller has ended: the value lives on only if something consumes it. */
  release(node: RunNode): void {
    if (!node.has(RETAINED) || this.#run.isClosed) return;
    node.clear(RETAINED);
    this.#run.scheduler.unretain(node.id);
    if (node.work.type === 'container') node.work.unretained?.();
    if (this.#run.scheduler.hasInstructions) this.#run.pump();
  }
}
