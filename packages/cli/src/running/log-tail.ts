import { openStoreReader, type StoreReader } from '@sidereal/store';
import { isSiderealError, type LogLevel } from '@sidereal/core';
import type { Style } from '../terminal/style.ts';
import { LogReader } from '../reading/log-reader.ts';
import { logLine } from '../reading/log-line.ts';

/** Entries that one look shows; of a flood, no more. */
const MAX_A_LOOK = 100;

/** The log of a run that this process executes, read back from the record as it is committed. */
export class LogTail {
  readonly #reader: StoreReader;
  readonly #logs: LogReader;
  readonly #runId: string;

  constructor(folder: string, runId: string, level: LogLevel, fromNow: boolean) {
    this.#reader = openStoreReader(folder);
    this.#runId = runId;
    this.#logs = new LogReader(this.#reader, runId, {
      level,
      after: fromNow ? this.#reader.run(runId).entries - 1 : -1,
    });
  }

  /** What has come since the last look. */
  lines(style: Style): string[] {
    try {
      const entries = this.#logs.page(MAX_A_LOOK) ?? [];
      const shown = entries.map((entry) => logLine(entry, style));
      if (entries.length < MAX_A_LOOK) return shown;
      // Reading on would take the time of the run itself.
      this.#logs.skip();
      return [...shown, style.paint('dim', `… more than fit here: sidereal logs ${this.#runId}`)];
    } catch (error) {
      // A store that is being taken away says so where the run is recorded; here it only means no lines.
      if (isSiderealError(error)) return [];
      throw error;
    }
  }

  close(): void {
    this.#reader.close();
  }
}
