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

/** Who holds a journal. */
interface Holder {
  readonly onEvent: (event: JournalEvent) => void;
  /** Undefined until it is open. */
  readonly journal: SqliteJournal | undefined;
}

/** The main side of the store: a thin proxy to its thread. */
export class SqliteStore implements JournalStore {
  readonly dataFolder: string;
  private readonly client: ThreadClient;
  private readonly journals = new Map<number, Holder>();
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
      event: (handle, event) => heard(this.journals.get(handle), event),
      lost: (error) => {
        for (const { onEvent, journal } of this.journals.values()) {
          journal?.lose(error);
          onEvent({ type: 'failed', error });
        }
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
    this.journals.set(handle, { onEvent, journal: undefined });
    try {
      const opened = await this.client.request(request(handle));
      if (opened === undefined || !('epoch' in opened)) {
        throw storeError('STORE_CLOSED', 'the store is closed', 'Open the store again.');
      }
      const onClosed = (): boolean => this.journals.delete(handle);
      const journal = new SqliteJournal(this.client, handle, runId, opened, onClosed);
      this.journals.set(handle, { onEvent, journal });
      return journal;
    } catch (error) {
      this.journals.delete(handle);
      throw error;
    }
  }
}

function isFingerprints(value: ReplyValue): value is readonly CodeFingerprint[] {
  return Array.isArray(value);
}

function heard(holder: Holder | undefined, event: WireEvent): void {
  if (event.type === 'taken') holder?.journal?.heardOf(event);
  else if (event.type === 'failed') holder?.onEvent({ type: 'failed', error: fromWire(event.error) });
  else holder?.onEvent(event);
}
