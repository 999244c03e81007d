import { KEY_BYTES, keyBytes, keyText } from '@sidereal/core';
import type { RunNode } from '../nodes/run-node.ts';

/**
 * The items of a map in order: their nodes while they are of use, then just journal number and task key,
 * 28 bytes an item, so that a map may have ten million.
 */
export class ItemLedger {
  readonly #nodes: (RunNode | undefined)[] = [];
  #idxs = new Int32Array(64);
  #keys = new Uint8Array(64 * KEY_BYTES);

  get length(): number {
    return this.#nodes.length;
  }

  push(node: RunNode): number {
    const at = this.#nodes.push(node) - 1;
    if (at === this.#idxs.length) this.#grow();
    this.#idxs[at] = node.idx;
    keyBytes(node.key, this.#keys, at * KEY_BYTES);
    return at;
  }

  node(at: number): RunNode | undefined {
    return this.#nodes[at];
  }

  setNode(at: number, node: RunNode | undefined): void {
    this.#nodes[at] = node;
  }

  idxOf(at: number): number {
    return this.#idxs[at] ?? -1;
  }

  keyOf(at: number): string {
    return keyText(this.#keys, at * KEY_BYTES);
  }

  #grow(): void {
    const idxs = new Int32Array(this.#idxs.length * 2);
    idxs.set(this.#idxs);
    this.#idxs = idxs;
    const keys = new Uint8Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
  }
}
