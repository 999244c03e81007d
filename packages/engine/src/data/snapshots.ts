/**
 * Copies of large arrays, so that what was given at a call is what runs, without a copy for every call: an
 * array is copied when first given; given again, its bytes are compared with that copy (some 20 GB/s), and only
 * if they differ is another taken. The digest of a copy is computed once.
 *
 * A copy is never changed: consumers get copies of it, or borrow it. It lives as long as the array that it is
 * of, or as whoever holds it, whichever is longer; `trim` leaves only the latter.
 */
import { copyView } from './copy-memory.ts';

/** Arrays below this are copied like any plain data. */
export const LARGE_ARRAY_BYTES = 64 * 1024;

interface Snapshot {
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly copy: WeakRef<ArrayBufferView>;
  /** The same, held while it may be wanted again. */
  kept: ArrayBufferView | undefined;
}

interface Dropped {
  readonly bytes: number;
  readonly snapshot: WeakRef<Snapshot>;
}

export type BytesDigest = (bytes: Uint8Array) => string;

export class ArraySnapshots {
  readonly #digest: BytesDigest;
  /** By the memory that they are of: one for each range and type that was given. */
  readonly #snapshots = new WeakMap<ArrayBufferLike, Snapshot[]>();
  /** Digests by the memory of the copies. */
  readonly #digests = new WeakMap<ArrayBufferLike, string>();
  readonly #kept = new Set<WeakRef<Snapshot>>();
  readonly #dropped = new FinalizationRegistry<Dropped>(({ bytes, snapshot }) => {
    this.#bytes -= bytes;
    this.#kept.delete(snapshot);
  });
  #bytes = 0;
  #copied = 0;
  #hashed = 0;

  constructor(digest: BytesDigest) {
    this.#digest = digest;
  }

  /** Memory of the copies that are reachable. */
  get snapshotBytes(): number {
    return this.#bytes;
  }

  /** How many copies were made, and how many digests computed, in all. */
  get counts(): { readonly copied: number; readonly hashed: number } {
    return { copied: this.#copied, hashed: this.#hashed };
  }

  /**
   * A copy of an array as it is now, not to be changed; undefined if the array is small (copy it) or its memory
   * was given away.
   */
  take(view: ArrayBufferView): ArrayBufferView | undefined {
    if (view.byteLength < LARGE_ARRAY_BYTES) return undefined;
    if (this.#digests.has(view.buffer)) return view;
    const known = this.#snapshots.get(view.buffer);
    const snapshot = known?.find((one) => isOf(one, view));
    const kept = snapshot?.kept ?? snapshot?.copy.deref();
    if (snapshot !== undefined && kept !== undefined && haveSameBytes(kept, view)) {
      snapshot.kept = kept;
      return kept;
    }
    return this.#copy(view);
  }

  /** Digest of bytes; of a copy's it is computed once. */
  digestBytes(bytes: Uint8Array): string {
    const isWhole = bytes.byteLength === bytes.buffer.byteLength;
    const known = isWhole ? this.#digests.get(bytes.buffer) : undefined;
    if (known !== undefined && known !== '') return known;
    this.#hashed += 1;
    const digest = this.#digest(bytes);
    if (known !== undefined) this.#digests.set(bytes.buffer, digest);
    return digest;
  }

  /** Lets go of copies that nobody but this registry holds. */
  trim(): void {
    for (const ref of this.#kept) {
      const snapshot = ref.deref();
      if (snapshot !== undefined) snapshot.kept = undefined;
    }
    this.#kept.clear();
  }

  #copy(view: ArrayBufferView): ArrayBufferView | undefined {
    const copy = copyView(view);
    if (copy === undefined) return undefined;
    this.#copied += 1;
    this.#bytes += copy.byteLength;
    // No digest yet; it marks the memory as that of a copy.
    this.#digests.set(copy.buffer, '');
    const { byteOffset, byteLength } = view;
    const snapshot: Snapshot = { byteOffset, byteLength, copy: new WeakRef(copy), kept: copy };
    const others = this.#snapshots.get(view.buffer)?.filter((one) => !isOf(one, view)) ?? [];
    this.#snapshots.set(view.buffer, [...others, snapshot]);
    const ref = new WeakRef(snapshot);
    this.#kept.add(ref);
    this.#dropped.register(copy.buffer, { bytes: copy.byteLength, snapshot: ref });
    return copy;
  }
}

function isOf(snapshot: Snapshot, view: ArrayBufferView): boolean {
  if (snapshot.byteOffset !== view.byteOffset || snapshot.byteLength !== view.byteLength) return false;
  const copy = snapshot.copy.deref();
  return copy !== undefined && Object.getPrototypeOf(copy) === Object.getPrototypeOf(view);
}

function haveSameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
