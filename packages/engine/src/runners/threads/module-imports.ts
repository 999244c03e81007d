import { isSiderealError, type SiderealError } from '@sidereal/core/errors';
import { ambient } from '../../context/ambient.ts';

/** Imports modules of the author's into this thread, each once, and keeps why one cannot be used. */
export class ModuleImports {
  readonly #imported: (module: string, namespace: object) => void;
  /** Kept, because a module is evaluated only once. */
  readonly #failures = new Map<string, unknown>();
  readonly #imports = new Map<string, Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  /** `imported` is told what each exports. */
  constructor(imported: (module: string, namespace: object) => void) {
    this.#imported = imported;
  }

  /** Resolves once the import has come to an end, good or bad. */
  import(module: string): Promise<void> {
    let importing = this.#imports.get(module);
    if (importing === undefined) {
      // One after another: what a module calls while it is imported is told to be its own doing.
      importing = this.#last.then(() => this.#import(module));
      this.#last = importing;
      this.#imports.set(module, importing);
    }
    return importing;
  }

  /** Why it cannot be used: what importing it threw, or a flow that it called. */
  failureOf(module: string): { readonly cause: unknown } | undefined {
    return this.#failures.has(module) ? { cause: this.#failures.get(module) } : undefined;
  }

  /**
   * Takes a rejection that nobody handled, if it is a flow that the module under import has called: then it is
   * why the module cannot be used.
   */
  takeRejection(rejection: unknown): rejection is SiderealError {
    if (ambient.importing === undefined || !isSiderealError(rejection, 'FLOW_CALLED_ON_IMPORT')) return false;
    this.#failures.set(ambient.importing, rejection);
    return true;
  }

  async #import(module: string): Promise<void> {
    ambient.importing = module;
    try {
      const namespace: unknown = await import(module);
      if (typeof namespace === 'object' && namespace !== null) this.#imported(module, namespace);
      // Rejections that the module left unhandled are reported before the next turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
    } catch (error) {
      this.#failures.set(module, error);
    } finally {
      ambient.importing = undefined;
    }
  }
}
