/**
 * Sidereal: write pipelines as plain async functions, watch them, stop them, resume them.
 *
 * Importing this package makes the embedded store the default: runs are recorded in the folder that
 * `SIDEREAL_STORE` names, or `.sidereal` in the working directory.
 */
import type { RunDisplay } from '@sidereal/cli';
import { ambient, type RunHandle } from '@sidereal/engine';
import { storeFolderIn, type JournalStore, type State } from '@sidereal/core';

/** Folder of the store that runs are recorded in unless told otherwise. */
export function defaultStoreFolder(): string {
  return storeFolderIn(process.env);
}

/** Opens the embedded store in a folder, to be given to `startRun`. Close it. Loaded on first use. */
export async function openStore(folder: string = defaultStoreFolder()): Promise<JournalStore> {
  const { openSqliteStore } = await import('@sidereal/store');
  return openSqliteStore({ folder });
}

/** A run as the store has it. */
export interface RecordedRun {
  readonly id: string;
  readonly flow: string;
  readonly state: State;
  /** As given; what JSON cannot carry is left out. */
  readonly input: unknown;
}

/**
 * Looks a run up by its id, a beginning or the end of it, or `latest`. Throws RUN_NOT_FOUND, RUN_AMBIGUOUS, and
 * NO_STORE where there is none. Loaded on first use.
 */
export async function recordedRun(run: string, folder: string = defaultStoreFolder()): Promise<RecordedRun> {
  const [{ findRun }, { openStoreReader }] = await Promise.all([
    import('@sidereal/cli'),
    import('@sidereal/store'),
  ]);
  using reader = openStoreReader(folder);
  const { id, flow, state, header } = reader.run(findRun(reader, run));
  return { id, flow, state, input: header.input === '' ? undefined : JSON.parse(header.input) };
}

/** Shows how a run goes on stderr, as `sidereal run` does, until the display is closed. Loaded on first use. */
export async function showProgress(handle: Pick<RunHandle, 'progress'>): Promise<RunDisplay> {
  const cli = await import('@sidereal/cli');
  return cli.showProgress(handle);
}

ambient.openStore ??= () => openStore();

export type { RunDisplay } from '@sidereal/cli';
export * from '@sidereal/engine';
export { isSiderealError, SiderealError } from '@sidereal/core';
