import { join } from 'node:path';

/** The database of the store in this folder. */
export function databasePath(folder: string): string {
  return join(folder, 'sidereal.db');
}

/** Where result files of the store in this folder lie. */
export function resultsFolder(folder: string): string {
  return join(folder, 'results');
}
