import type { Worker } from 'node:worker_threads';
import { storeError } from '../../errors/store-error.ts';
import type {
  FromThread,
  Notice,
  Reply,
  ReplyValue,
  Request,
  ThreadOptions,
  WireEvent,
} from '../wire/protocol.ts';
import { spawnStoreThread } from './spawn-store-thread.ts';
import { fromWire } from '../wire/wire-error.ts';

type Unnumbered<T> = T extends unknown ? Omit<T, 'request'> : never;

interface Waiting {
  resolve(value: ReplyValue): void;
  reject(error: Error): void;
}

/** What the client tells its owner without being asked. */
export interface ThreadListener {
  event(handle: number, event: WireEvent): void;
  /** The thread is gone though nobody closed it. */
  lost(error: Error): void;
}

/**
 * The main side of the store's thread: numbers requests, matches replies, notices its death. The thread keeps the
 * process only while something has been asked of it: a process in which nothing else is alive must be able to tell.
 */
export class ThreadClient {
  private readonly worker: Worker;
  private readonly listener: ThreadListener;
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private nextRequest = 1;
  private lost: Error | undefined;

  constructor(options: ThreadOptions, listener: ThreadListener) {
    this.listener = listener;
    this.worker = spawnStoreThread(options);
    this.worker.on('message', (message: FromThread) => this.receive(message));
    this.worker.on('error', (cause: unknown) =>
      this.lose(cause instanceof Error ? cause : new Error('unknown', { cause })),
    );
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.lose(undefined);
        resolve();
      });
    });
  }

  /** Sends a request and gives its reply. `transfer` moves buffers instead of copying them. */
  request(message: Unnumbered<Request>, transfer: readonly ArrayBuffer[] = []): Promise<ReplyValue> {
    if (this.lost !== undefined) return Promise.reject(this.lost);
    const request = this.nextRequest++;
    if (this.waiting.size === 0) this.worker.ref();
    return new Promise((resolve, reject) => {
      this.waiting.set(request, { resolve, reject });
      this.worker.postMessage({ ...message, request }, transfer);
    });
  }

  /** Tells the thread something; there is no reply. */
  tell(notice: Notice): void {
    if (this.lost === undefined) this.worker.postMessage(notice);
  }

  /** Waits for the thread to end; it does after `close`. */
  async end(): Promise<void> {
    this.worker.ref();
    await this.exited;
  }

  /** Ends the thread by force: for a store that could not be opened. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private receive(message: FromThread): void {
    if (message.type === 'event') this.listener.event(message.handle, message.event);
    else for (const reply of message.replies) this.settle(reply);
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.request);
    this.waiting.delete(reply.request);
    if (this.waiting.size === 0) this.worker.unref();
    if ('error' in reply) waiting?.reject(fromWire(reply.error));
    else waiting?.resolve(reply.value);
  }

  private lose(cause: Error | undefined): void {
    if (this.lost !== undefined) return;
    this.lost =
      cause === undefined
        ? storeError('STORE_CLOSED', 'the store is closed', 'Open the store again.')
        : storeError(
            'STORE_FAILED',
            `the store's thread ended: ${cause.message}`,
            'This is a defect in Sidereal; report it with the message. Resume the run: what was acknowledged is safe.',
            cause,
          );
    for (const waiting of this.waiting.values()) waiting.reject(this.lost);
    this.waiting.clear();
    if (cause !== undefined) this.listener.lost(this.lost);
  }
}
