/**
 * Worker processes of a case, all on this machine. Each is a program that gets its JSON argument, says `ready`
 * once it takes work, and ends by itself when asked to or when this process is gone.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { argv } from 'node:process';

export class Fleet implements AsyncDisposable {
  private readonly workers: ChildProcess[] = [];
  private readonly onMessage: ((message: unknown) => void) | undefined;
  private isClosing = false;

  constructor(onMessage?: (message: unknown) => void) {
    this.onMessage = onMessage;
  }

  /** Starts `count` processes; resolves when all are ready. */
  async start(program: string, count: number, given: unknown): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.startOne(program, given)));
  }

  private async startOne(program: string, given: unknown): Promise<void> {
    const worker = fork(program, [JSON.stringify(given)], { stdio: ['ignore', 2, 2, 'ipc'] });
    this.workers.push(worker);
    worker.once('exit', (code, signal) => {
      if (this.isClosing) return;
      console.error(`worker ${worker.pid} ended by itself (${signal ?? code})`);
      process.exit(1);
    });
    await new Promise<void>((resolve) => {
      worker.on('message', (message) => {
        if (message === 'ready') resolve();
        else this.onMessage?.(message);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosing = true;
    await Promise.all(
      this.workers.map(async (worker) => {
        if (worker.exitCode !== null || worker.signalCode !== null) return;
        const gone = once(worker, 'exit');
        worker.disconnect();
        const tooLong = setTimeout(() => worker.kill('SIGKILL'), 10_000);
        await gone;
        clearTimeout(tooLong);
      }),
    );
  }
}

/** In a worker's program: its argument. */
export function argument(): unknown {
  return JSON.parse(argv[2] ?? 'null');
}

/** In a worker's program: says that it takes work, and closes it when its parent has no more. */
export function serve(close: () => Promise<unknown>): void {
  process.once('disconnect', () => {
    void close().finally(() => process.exit(0));
  });
  process.send?.('ready');
}
