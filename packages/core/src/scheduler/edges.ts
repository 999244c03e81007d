/**
 * Dependency edges as two linked lists over typed arrays: out of the producer, into the consumer. An edge is
 * `resolved` once its producer has ended; losing a value makes it unresolved again. Freed edges are reused.
 */
export class Edges {
  from = new Int32Array(64);
  to = new Int32Array(64);
  /** Next edge out of the same producer, or -1. */
  nextOut = new Int32Array(64);
  /** Next edge into the same consumer, or -1. */
  nextIn = new Int32Array(64);
  /** EDGE_… below. */
  flags = new Uint8Array(64);
  #free = -1;
  #end = 0;

  allocate(): number {
    if (this.#free >= 0) {
      const edge = this.#free;
      this.#free = this.nextOut[edge] ?? -1;
      return edge;
    }
    if (this.#end === this.from.length) this.#grow();
    this.#end += 1;
    return this.#end - 1;
  }

  release(edge: number): void {
    this.from[edge] = -1;
    this.to[edge] = -1;
    this.nextOut[edge] = this.#free;
    this.#free = edge;
  }

  #grow(): void {
    const length = this.from.length * 2;
    this.from = grown(this.from, new Int32Array(length));
    this.to = grown(this.to, new Int32Array(length));
    this.nextOut = grown(this.nextOut, new Int32Array(length));
    this.nextIn = grown(this.nextIn, new Int32Array(length));
    this.flags = grown(this.flags, new Uint8Array(length));
  }
}

/** The consumer takes the producer's value; else it only comes after it. */
export const EDGE_DATA = 1;
/** The producer has ended and the consumer's tally counts it. */
export const EDGE_RESOLVED = 2;
/** The value was lost after the consumer had been told of it: it must be resolved again before a start. */
export const EDGE_LOST = 4;
/** How the tally counts it: as a failure, or a skip; else as a success. */
export const EDGE_FAILED = 8;
export const EDGE_SKIPPED = 16;

function grown<A extends Int32Array | Uint8Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
