import type { ClassAddress } from '../../data/packed-object.ts';

export interface MessageGateOptions<Message> {
  /** Classes of the instances in a message; empty for most. */
  readonly classesIn: (message: Message) => readonly ClassAddress[];
  /** Undefined if they are at hand. Never rejects. */
  readonly prepare: (classes: readonly ClassAddress[]) => Promise<void> | undefined;
  readonly deliver: (message: Message) => void;
}

/**
 * Hands messages on in their order, each once the classes of the instances in it are at hand: a module may have to be
 * imported for them, which takes a while the first time.
 */
export class MessageGate<Message> {
  readonly #options: MessageGateOptions<Message>;
  readonly #waiting: Message[] = [];
  #isHeld = false;

  constructor(options: MessageGateOptions<Message>) {
    this.#options = options;
  }

  receive(message: Message): void {
    if (this.#isHeld) {
      this.#waiting.push(message);
      return;
    }
    const preparing = this.#preparing(message);
    if (preparing === undefined) this.#options.deliver(message);
    else void this.#deliverAfter(preparing, message);
  }

  #preparing(message: Message): Promise<void> | undefined {
    const classes = this.#options.classesIn(message);
    return classes.length === 0 ? undefined : this.#options.prepare(classes);
  }

  async #deliverAfter(first: Promise<void>, message: Message): Promise<void> {
    this.#isHeld = true;
    let preparing: Promise<void> | undefined = first;
    let next: Message | undefined = message;
    while (next !== undefined) {
      if (preparing !== undefined) await preparing;
      this.#options.deliver(next);
      next = this.#waiting.shift();
      preparing = next === undefined ? undefined : this.#preparing(next);
    }
    this.#isHeld = false;
  }
}
