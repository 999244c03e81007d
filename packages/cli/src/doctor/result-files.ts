import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VALUE_STORAGE } from '@sidereal/core';
import type { StoreReader } from '@sidereal/store';
import { formatBytes, plural } from '../terminal/format.ts';
import { ok, type Finding, type Say } from './finding.ts';
import { allRuns } from './records.ts';

const PAGE = 10_000;
const MAX_NAMED = 5;

/**
 * The result files: is every one what its name says it is (a SHA-256 of its content), is every one there that
 * a run's record names, and what has been left behind by processes that were killed while writing?
 */
export async function checkResultFiles(reader: StoreReader, say: Say): Promise<Finding[]> {
  const files = await resultFiles(reader.dataFolder);
  const findings: Finding[] = [];
  const damaged: string[] = [];
  const intact = new Set<string>();
  const leftovers: string[] = [];
  let bytes = 0;
  for (const path of files) {
    if (path.endsWith('.tmp')) {
      if (!isBeingWritten(path)) leftovers.push(path);
      continue;
    }
    const address = addressOf(path);
    if (address === undefined) continue;
    say(`the result file ${address.slice(0, 12)}…`);
    bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
    if ((await digestOf(path)) === address.slice(0, 64)) intact.add(address);
    else damaged.push(path);
  }
  const missing = missingFiles(
    reader,
    new Set([...intact, ...damaged.flatMap((path) => addressOf(path) ?? [])]),
    say,
  );
  if (damaged.length > 0) {
    findings.push({
      check: 'result files',
      status: 'wrong',
      detail: `${plural(damaged.length, 'file')} ${damaged.length === 1 ? 'is' : 'are'} not what was written: ${named(damaged)}`,
      remedy:
        'Restore them from a copy. A resumed run computes such values again if the tasks that made them can be repeated.',
    });
  }
  if (missing.length > 0) {
    findings.push({
      check: 'result files',
      status: 'wrong',
      detail: `${plural(missing.length, 'file')} that runs name ${missing.length === 1 ? 'is' : 'are'} missing: ${named(missing)}`,
      remedy:
        'Restore them from a copy. A resumed run computes such values again if the tasks that made them can be repeated.',
    });
  }
  if (findings.length === 0)
    findings.push(
      ok('result files', `${plural(intact.size, 'file')}, ${formatBytes(bytes)}: all are what was written`),
    );
  if (leftovers.length > 0) {
    findings.push({
      check: 'leftovers',
      status: 'note',
      detail: `${plural(leftovers.length, 'temporary file')} of processes that were killed: ${named(leftovers)}`,
      remedy: 'They may be removed.',
    });
  }
  return findings;
}

function named(paths: readonly string[]): string {
  return `${paths.slice(0, MAX_NAMED).join(', ')}${paths.length > MAX_NAMED ? ' …' : ''}`;
}

async function resultFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** `ab/cdef….npy` is the file of the address `abcdef….npy`; undefined for anything else. */
function addressOf(path: string): string | undefined {
  const address = `${basename(dirname(path))}${basename(path)}`;
  return /^[0-9a-f]{64}\.(npy|bin)$/.test(address) ? address : undefined;
}

/** A temporary file carries the number of the process that writes it: `….PID.SERIAL.tmp`. */
function isBeingWritten(path: string): boolean {
  const pid = Number(/\.(\d+)\.\d+\.tmp$/.exec(path)?.[1] ?? 0);
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function digestOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return undefined; // it went away, or cannot be read: not what was written
  }
}

/** Addresses that runs name and for which there is no file. */
function missingFiles(reader: StoreReader, present: ReadonlySet<string>, say: Say): string[] {
  const missing = new Set<string>();
  for (const { id } of allRuns(reader)) {
    say(`the results of ${id}`);
    let after = -1;
    for (;;) {
      const page = reader.nodes({ run: id, limit: PAGE, ...(after < 0 ? {} : { after }) });
      for (const { idx, value } of page) {
        if (value?.storage !== VALUE_STORAGE.file) continue;
        const address = Buffer.from(reader.value(id, idx)?.bytes ?? []).toString('utf8');
        if (!present.has(address)) missing.add(address);
      }
      after = page.at(-1)?.idx ?? after;
      if (page.length < PAGE) break;
    }
  }
  return [...missing];
}
