import { mkdir } from 'node:fs/promises';
import type {
  CodeFingerprint,
  FingerprintRequest,
  JournalEvent,
  JournalStore,
  ResumeOptions,
  RunHeader,
} from '@sidereal/core';
import { unwritable } from '../../file-system/prepare-folder.ts';
import { storeError } from '../../errors/store-error.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { resultsFolder } from '../database/store-files.ts';
import type { ReplyValue, ThreadOptions, WireEvent } from '../wire/protocol.ts';
import { ThreadClient } from '../thread/thread-client.ts';
import { fromWire } from '../wire/wire-error.ts';

/** The main side of the store: a thin proxy to its thread. */
export class SqliteStore implements JournalStore {
  readonly dataFolder: string;
  private readonly client: ThreadClient;
  private readonly journals = new Map<number, (event: JournalEvent) => void>();
  private nextHandle = 1;
  private closing: Promise<void> | undefined;

  static async open(options: ThreadOptions): Promise<SqliteStore> {
    const store = new SqliteStore(options);
    try {
      await mkdir(store.dataFolder, { recursive: true }).catch((cause: unknown) => {
        throw unwritable(options.folder, cause);
      });
      await store.client.request({ type: 'open' });
      return store;
    } catch (error) {
      await store.client.terminate();
      throw error;
    }
  }

  private constructor(options: ThreadOptions) {
    this.dataFolder = resultsFolder(options.folder);
    this.client = new ThreadClient(options, {
      event: (handle, event) => this.journals.get(handle)?.(fromWireEvent(event)),
      lost: (error) => {
        for (const onEvent of this.journals.values()) onEvent({ type: 'failed', error });
      },
    });
  }

  /** Throws RUN_EXISTS. */
  async createRun(header: RunHeader, onEvent: (event: JournalEvent) => void): Promise<SqliteJournal> {
    return await this.openJournal(header.id, onEvent, (handle) => ({ type: 'create-run', handle, header }));
  }

  async resumeRun(
    runId: string,
    options: ResumeOptions,
    onEvent: (event: JournalEvent) => void,
  ): Promise<SqliteJournal> {
    const { takeOver } = options;
    return await this.openJournal(runId, onEvent, (handle) => ({
      type: 'resume-run',
      handle,
      runId,
      takeOver,
    }));
  }

  async fingerprint(code: FingerprintRequest): Promise<readonly CodeFingerprint[]> {
    const value = await this.client.request({ type: 'fingerprint', code });
    return isFingerprints(value) ? value : [];
  }

  /** Closes journals that are still open (what a full disk does not take is given up) and ends the thread. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async end(): Promise<void> {
    await this.client.request({ type: 'close' }).catch(() => undefined); // its thread may be lost: then it is closed
    await this.client.end();
    this.journals.clear();
  }

  private async openJournal(
    runId: string,
    onEvent: (event: JournalEvent) => void,
    request: (handle: number) => Parameters<ThreadClient['request']>[0],
  ): Promise<SqliteJournal> {
    const handle = this.nextHandle++;
    this.journals.set(handle, onEvent);
    try {
      const opened = await this.client.request(request(handle));
      if (opened === undefined || !('epoch' in opened)) {
        throw storeError('STORE_CLOSED', 'the store is closed', 'Open the store again.');
      }
      return new SqliteJournal(this.client, handle, runId, opened, () => this.journals.delete(handle));
    } catch (error) {
      this.journals.delete(handle);
      throw error;
    }
  }
}

function isFingerprints(value: ReplyValue): value is readonly CodeFingerprint[] {
  return Array.isArray(value);
}

function fromWireEvent(event: WireEvent): JournalEvent {
  return event.type === 'failed' ? { type: 'failed', error: fromWire(event.error) } : event;
}
