import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from any other that ever has its number. */
export interface ProcessIdentity {
  /** Name of the host, for people. */
  readonly host: string;
  /** Where process numbers mean the same: host, boot and PID namespace. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in the kernel's own terms; empty where the platform does not tell. */
  readonly start: string;
}

/** What is known of the process that has a number now. */
export type ProcessProbe = { readonly exists: false } | { readonly exists: true; readonly start: string };

/** This process. */
export function thisProcess(): ProcessIdentity {
  const host = hostname();
  const probe = probeProcess(process.pid);
  return {
    host,
    machine: `${host} ${readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())} ${readOr(() => readlinkSync('/proc/self/ns/pid'))}`,
    pid: process.pid,
    start: probe.exists ? probe.start : '',
  };
}

/** Looks up a process of this machine. One that has ended but was not yet waited for does not exist. */
export function probeProcess(pid: number): ProcessProbe {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return signalReaches(pid) ? { exists: true, start: '' } : { exists: false };
  }
}

/** State and start time (fields 3 and 22) of /proc/PID/stat, proc(5); the name before them may hold anything. */
export function parseStat(stat: string): ProcessProbe {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  if (state === 'Z' || state === 'X' || state === 'x') return { exists: false };
  return { exists: true, start: fields[19] ?? '' };
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '-';
  }
}
