/** The streams whose writing is taken over. */
type Stream = Pick<NodeJS.WriteStream, 'write'>;

/**
 * Takes over what a user's code writes to a stream, by whole lines, for as long as something is drawn on the
 * terminal (or while stdout is kept for a JSON document). What is left without an end of line comes when it is
 * given back.
 */
export class PrintedOutput implements Disposable {
  readonly #stream: Stream;
  readonly #original: Stream['write'];
  readonly #onLines: (text: string) => void;
  #rest = '';

  constructor(stream: Stream, onLines: (text: string) => void) {
    this.#stream = stream;
    this.#original = stream.write;
    this.#onLines = onLines;
    const decoder = new TextDecoder();
    const write = (
      chunk: string | Uint8Array,
      second?: BufferEncoding | ((error?: Error | null) => void),
      third?: (error?: Error | null) => void,
    ): boolean => {
      this.#take(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
      const done = typeof second === 'function' ? second : third;
      if (done !== undefined) queueMicrotask(done);
      return true;
    };
    stream.write = write;
  }

  /** Writes past what has been taken over. */
  readonly writeThrough = (text: string): void => {
    this.#original.call(this.#stream, text);
  };

  [Symbol.dispose](): void {
    if (this.#rest !== '') this.#onLines(`${this.#rest}\n`);
    this.#rest = '';
    this.#stream.write = this.#original;
  }

  #take(text: string): void {
    const whole = this.#rest + text;
    const end = whole.lastIndexOf('\n') + 1;
    this.#rest = whole.slice(end);
    if (this.#rest.length > LONGEST_REST) {
      this.#onLines(`${whole}\n`);
      this.#rest = '';
    } else if (end > 0) this.#onLines(whole.slice(0, end));
  }
}

/** Characters without an end of line that are held back. */
const LONGEST_REST = 2 ** 16;
