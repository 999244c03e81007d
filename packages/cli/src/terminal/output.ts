/** One of the two streams that a command writes to. */
export interface Output {
  /** Whether people look at it. */
  readonly isTerminal: boolean;
  /** Width of the terminal now; {@link DEFAULT_COLUMNS} where there is none. */
  readonly columns: number;
  /** Height of the terminal now; {@link DEFAULT_ROWS} where there is none. */
  readonly rows: number;
  /** Whoever read it has gone: writing is pointless. */
  readonly isClosed: boolean;
  /** Why it could not be written, where that was not its reader's wish. */
  readonly failure: Error | undefined;
  write(text: string): void;
  /** Resolves once all that was written has left the process. */
  drained(): Promise<void>;
}

const DEFAULT_COLUMNS = 100;
const DEFAULT_ROWS = 30;

/**
 * An output onto a stream of this process. A reader that goes away (`| head`) is no error. That it cannot be written for
 * another reason (a full disk) ends nothing: it is told by `failure`.
 */
export function outputOf(stream: NodeJS.WriteStream): Output {
  let isClosed = false;
  let failure: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
    isClosed = true;
  });
  const isTerminal = stream.isTTY;
  // Asked afresh each time: `stream.columns` is of the last resize that the process has heard of.
  const size = (): readonly [columns: number, rows: number] => (isTerminal ? stream.getWindowSize() : [0, 0]);
  return {
    isTerminal,
    get columns() {
      return size()[0] || DEFAULT_COLUMNS;
    },
    get rows() {
      return size()[1] || DEFAULT_ROWS;
    },
    get isClosed() {
      return isClosed;
    },
    get failure() {
      return failure;
    },
    write: (text) => {
      if (!isClosed) stream.write(text);
    },
    drained: () =>
      isClosed ? Promise.resolve() : new Promise((resolve) => stream.write('', () => resolve())),
  };
}
