/**
 * Tasks of the row `tree` for systems whose results go through a database: the array is a file in a folder that
 * all workers see, and the path goes through the system. Reading and writing it is measured as task time, and is
 * synchronous: what other tasks of the thread do meanwhile must not count as time of this one.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../../suite/case.ts';

/** What a task hands on: where its array is, and the sum of the times measured inside the tasks below it. */
export interface ArrayFile {
  readonly path: string;
  readonly seconds: number;
}

/** What a leaf has to know. */
export type LeafOf = Pick<Case, 'minSeconds' | 'maxSeconds' | 'mebibytes'>;

const MEMORY_DISK = '/dev/shm';
const BYTES_PER_NUMBER = 8;

/** A folder for arrays, gone when the process is: in memory where the machine has a file system for that, else the temporary folder. */
export function arrayFolder(): string {
  const isInMemory = statSync(MEMORY_DISK, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const folder = mkdtempSync(join(isInMemory ? MEMORY_DISK : tmpdir(), 'sidereal-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** How arrays pass, for `Outcome.settings`. */
export function arrayPassing(folder: string): string {
  const where = folder.startsWith(MEMORY_DISK) ? `tmpfs (${MEMORY_DISK})` : 'the temporary folder';
  return `files in ${where}, passed by path; reading and writing counts as task time`;
}

export async function leaf(path: string, of: LeafOf): Promise<ArrayFile> {
  const began = performance.now();
  await sleep((of.minSeconds + (of.maxSeconds - of.minSeconds) * Math.random()) * 1000);
  const length = Math.max(1, Math.round((of.mebibytes * 2 ** 20) / BYTES_PER_NUMBER));
  writeFileSync(path, new Float64Array(length).fill(1));
  return { path, seconds: secondsSince(began) };
}

/** Adds two arrays into a third and removes them. */
export function reduce(path: string, left: ArrayFile, right: ArrayFile): ArrayFile {
  const began = performance.now();
  const [sum, other] = [load(left), load(right)];
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (other[at] ?? 0);
  writeFileSync(path, sum);
  for (const { path: used } of [left, right]) rmSync(used);
  return { path, seconds: left.seconds + right.seconds + secondsSince(began) };
}

/** The array in its reader's memory. */
export function load(file: ArrayFile): Float64Array {
  const bytes = readFileSync(file.path);
  return bytes.byteOffset % BYTES_PER_NUMBER === 0
    ? new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / BYTES_PER_NUMBER)
    : new Float64Array(new Uint8Array(bytes).buffer);
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
