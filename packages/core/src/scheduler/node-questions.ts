import { STATE_CODE, type StateCode } from '../states/state.ts';
import { ALIVE, BODY_DONE, HANDLED, NodeColumns, STOPPING } from './node-columns.ts';

/** What may be asked about single nodes of a scheduler: all of it stands in their columns. */
export class NodeQuestions {
  readonly nodes = new NodeColumns();

  /** Things that its code waits for. */
  awaitedBy(id: number): number {
    return this.nodes.awaited[id] ?? 0;
  }

  stateOf(id: number): StateCode {
    return this.nodes.state[id] ?? STATE_CODE.pending;
  }

  attemptOf(id: number): number {
    return this.nodes.attempt[id] ?? 0;
  }

  depthOf(id: number): number {
    return this.nodes.depth[id] ?? 0;
  }

  hasEnded(id: number): boolean {
    return this.nodes.hasEnded(id);
  }

  hasSucceeded(id: number): boolean {
    return this.nodes.hasSucceeded(id);
  }

  isAlive(id: number): boolean {
    return this.nodes.has(id, ALIVE);
  }

  isStopping(id: number): boolean {
    return this.nodes.has(id, STOPPING);
  }

  /** Has its attempt ended, though something that it submitted has not? */
  awaitsChildren(id: number): boolean {
    return this.nodes.has(id, BODY_DONE);
  }

  unhandledOf(id: number): number {
    return this.nodes.unhandled[id] ?? 0;
  }

  isHandled(id: number): boolean {
    return this.nodes.has(id, HANDLED);
  }

  /** Children whose failure nobody has taken care of, in the order of their submission. */
  unhandledChildren(id: number): number[] {
    const { nodes } = this;
    const children: number[] = [];
    for (let child = nodes.firstCounted[id] ?? -1; child >= 0; child = nodes.nextSibling[child] ?? -1)
      children.push(child);
    return children.sort((a, b) => (nodes.seq[a] ?? 0) - (nodes.seq[b] ?? 0));
  }

  /** A child that has not ended, or -1. */
  openChildOf(id: number): number {
    return this.nodes.firstChild[id] ?? -1;
  }
}
