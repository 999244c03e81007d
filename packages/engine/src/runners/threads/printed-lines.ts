import type { PoolThreadMessage } from './protocol.ts';

/**
 * Sends what code in this thread writes to stdout and stderr to the process's own, by whole lines and in the
 * thread's order: lines of several threads never mix, and a line arrives before the result of the task that
 * wrote it, also when the thread is lost right after.
 */
export class PrintedLines {
  readonly #send: (message: PoolThreadMessage) => void;
  readonly #unfinished = { stdout: '', stderr: '' };

  constructor(send: (message: PoolThreadMessage) => void) {
    this.#send = send;
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
        this.#print(name, typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
        const done = typeof second === 'function' ? second : third;
        if (done !== undefined) queueMicrotask(done);
        return true;
      };
      process[name].write = write;
    }
  }

  /** Ends lines that were begun: a task is over. */
  endLines(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#unfinished[stream] !== '') this.#print(stream, '\n');
    }
  }

  #print(stream: 'stdout' | 'stderr', text: string): void {
    const end = text.lastIndexOf('\n') + 1;
    if (end === 0) {
      this.#unfinished[stream] += text;
      if (this.#unfinished[stream].length > LONGEST_LINE) this.#print(stream, '\n');
      return;
    }
    this.#send({ type: 'printed', stream, text: this.#unfinished[stream] + text.slice(0, end) });
    this.#unfinished[stream] = text.slice(end);
  }
}

/** Characters after which a line is broken: output without an end must not fill the memory. */
const LONGEST_LINE = 2 ** 20;
