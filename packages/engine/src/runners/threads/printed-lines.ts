import type { PoolThreadMessage } from './protocol.ts';

/** A line that was begun and not ended, of each stream. */
interface Unfinished {
  stdout: string;
  stderr: string;
}

/**
 * Sends what code in this thread writes to stdout and stderr to the process's own, by whole lines and in the
 * thread's order: lines of several threads or jobs never mix, and a line arrives before the result of the job that
 * wrote it, also when the thread is lost right after.
 */
export class PrintedLines {
  readonly #send: (message: PoolThreadMessage) => void;
  readonly #writer: () => object | undefined;
  /** By who has begun them. */
  readonly #unfinished = new Map<object | undefined, Unfinished>();

  /** `writer`: the job whose code executes just now, if it is one's. */
  constructor(send: (message: PoolThreadMessage) => void, writer: () => object | undefined) {
    this.#send = send;
    this.#writer = writer;
  }

  /** Takes the place of the thread's own way to its output. */
  install(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const decoder = new TextDecoder();
      const write = (
        chunk: string | Uint8Array,
        second?: BufferEncoding | ((error?: Error | null) => void),
        third?: (error?: Error | null) => void,
      ): boolean => {
        this.#print(
          name,
          typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }),
          this.#writer(),
        );
        const done = typeof second === 'function' ? second : third;
        if (done !== undefined) queueMicrotask(done);
        return true;
      };
      process[name].write = write;
    }
  }

  /** Ends lines that a job has begun: it is over. */
  endLines(writer: object): void {
    const unfinished = this.#unfinished.get(writer);
    if (unfinished !== undefined) this.#end(writer, unfinished);
  }

  /** Ends all lines that were begun: the thread is over. */
  endAll(): void {
    for (const [writer, unfinished] of this.#unfinished) this.#end(writer, unfinished);
  }

  #end(writer: object | undefined, unfinished: Unfinished): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (unfinished[stream] !== '') this.#print(stream, '\n', writer);
    }
  }

  #print(stream: 'stdout' | 'stderr', text: string, writer: object | undefined): void {
    let unfinished = this.#unfinished.get(writer);
    const end = text.lastIndexOf('\n') + 1;
    if (end === 0) {
      if (unfinished === undefined) this.#unfinished.set(writer, (unfinished = { stdout: '', stderr: '' }));
      unfinished[stream] += text;
      if (unfinished[stream].length > LONGEST_LINE) this.#print(stream, '\n', writer);
      return;
    }
    this.#send({ type: 'printed', stream, text: (unfinished?.[stream] ?? '') + text.slice(0, end) });
    const rest = text.slice(end);
    if (unfinished === undefined && rest === '') return;
    unfinished ??= { stdout: '', stderr: '' };
    unfinished[stream] = rest;
    if (unfinished.stdout === '' && unfinished.stderr === '') this.#unfinished.delete(writer);
    else this.#unfinished.set(writer, unfinished);
  }
}

/** Characters after which a line is broken: output without an end must not fill the memory. */
const LONGEST_LINE = 2 ** 20;
