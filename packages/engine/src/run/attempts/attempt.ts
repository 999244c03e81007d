import type { CodeScope } from '../nodes/code-scope.ts';
import type { RunNode } from '../nodes/run-node.ts';

/** What belongs to one try of a node while it lasts. Made when the try begins, gone when the node has ended. */
export class Attempt {
  /** The scope that its code calls in, made on first need. */
  scope: CodeScope | undefined = undefined;
  /** Why it was asked to stop, if it was. */
  stopReason: string | undefined = undefined;
  /** A runner has its job. */
  isWithRunner = false;
  /** It was asked to stop before it could start. */
  isUnstarted = false;
  /** It has ended, or is about to, though its code has not. */
  isGivenUp = false;
  /** When the body of a flow or stage began. */
  beganMs: number | undefined = undefined;
  /** Nodes that earlier attempts got futures of: the next finds their values in memory. */
  readonly #inherited: RunNode[];
  #controller: AbortController | undefined;

  /** `before`: the attempt that this one follows. */
  constructor(before: Attempt | undefined) {
    this.#inherited = before?.takeHeld() ?? [];
  }

  /** Nodes whose values are held for futures that the code has got. */
  takeHeld(): RunNode[] {
    const held = this.scope?.takeRetained() ?? [];
    return this.#inherited.length === 0 ? held : [...this.#inherited.splice(0), ...held];
  }

  /** Made if nobody has asked for it yet: who asks later must learn of an abort. */
  get controller(): AbortController {
    return (this.#controller ??= new AbortController());
  }
}
