import { codeChange, type CodeFingerprint, type FingerprintRequest, type RecordedCode } from '@sidereal/core';
import type { ModuleNames } from './module-names.ts';

/** What {@link CodeChanges} needs of its run. */
export interface CodeChangesOptions {
  readonly modules: ModuleNames;
  /** What earlier attempts have recorded, of all modules. */
  readonly recorded: readonly RecordedCode[];
  /** When this process began the run, as all times of the journal. */
  readonly sinceUs: number;
  /** Asks the store's thread. */
  readonly fingerprint: (request: FingerprintRequest) => Promise<readonly CodeFingerprint[]>;
  /** Takes what is to be recorded: code that was not recorded before, or has changed since. */
  readonly record: (code: RecordedCode) => void;
}

/**
 * What the code of a run's modules is, and what has changed in it since it was recorded.
 *
 * A new run says which modules it uses as it comes upon them, and waits for nothing: they are looked at on the
 * store's thread, many at once. A resumed run asks for all modules that are loaded and waits, before its body runs, so
 * that what is decided about recorded values does not depend on who is faster.
 */
export class CodeChanges {
  readonly #options: CodeChangesOptions;
  readonly #recorded: ReadonlyMap<string, readonly RecordedCode[]>;
  readonly #current = new Map<string, CodeFingerprint>();
  readonly #seen = new Set<string>();
  #waiting: { readonly module: string; readonly url: string }[] = [];
  #looking: Promise<void> | undefined;

  constructor(options: CodeChangesOptions) {
    this.#options = options;
    this.#recorded = Map.groupBy(options.recorded, ({ module }) => module);
  }

  /** The run uses this module; cheap to say again. */
  use(url: string): void {
    if (this.#seen.has(url)) return;
    this.#seen.add(url);
    // Code that has no file cannot be looked at.
    if (!url.startsWith('file:')) return;
    this.#waiting.push({ module: this.#options.modules.of(url), url });
    this.#looking ??= this.#look();
  }

  /** Resolves once all modules that are in use so far have been looked at and recorded. */
  async settled(): Promise<void> {
    while (this.#looking !== undefined) await this.#looking;
  }

  /**
   * What has changed in a module since a node of it ended, in words: "./lib/calibrate.ts has changed". Undefined if
   * nothing has, and as long as it has not been looked at. `endedUs`: as in the journal; NaN if it is not known.
   */
  changeIn(url: string, endedUs: number): string | undefined {
    const module = this.#options.modules.of(url);
    const current = this.#current.get(module);
    return current === undefined ? undefined : codeChange(this.#recorded.get(module) ?? [], endedUs, current);
  }

  /** Looks at what is in use, until nothing is left to look at. Waits a turn first, so that many are asked for at once. */
  async #look(): Promise<void> {
    const { modules, fingerprint } = this.#options;
    try {
      await new Promise((resolve) => setImmediate(resolve));
      while (this.#waiting.length > 0) {
        const waiting = this.#waiting;
        this.#waiting = [];
        const codes = await fingerprint({ root: modules.root, modules: waiting });
        for (const code of codes) this.#found(code);
      }
    } catch {
      // The store has failed: the run is told by its journal. What is not known is not compared.
      this.#waiting = [];
    } finally {
      this.#looking = undefined;
    }
  }

  #found(code: CodeFingerprint): void {
    const { sinceUs, record } = this.#options;
    this.#current.set(code.module, code);
    const last = this.#recorded
      .get(code.module)
      ?.reduce((one, other) => (other.sinceUs > one.sinceUs ? other : one));
    if (last?.digest !== code.digest) record({ ...code, sinceUs });
  }
}
