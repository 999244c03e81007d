import { spawn, type ChildProcess } from 'node:child_process';
import { dirname, delimiter } from 'node:path';
import { meterUsage, takeBaseline, type Usage, type UsageMeter } from '../accounting/usage.ts';

export interface ProcessOptions {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly services: readonly string[];
  readonly limitSeconds: number;
  readonly limitBytes: number;
  readonly signal: AbortSignal;
  /** Told the process's number as soon as it has one. */
  readonly onStart: (pid: number) => void;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The end of what it said. */
  readonly stderr: string;
  /** Why it was ended from here, if it was. */
  readonly ended?: 'time' | 'memory' | 'signal' | undefined;
  readonly bytes: number;
  readonly usage?: Usage | undefined;
}

const TAIL = 8192;
const GRACE_MS = 5000;
const LOOK_MS = 200;

/**
 * Runs a program in a process group of its own, so that nothing that it starts outlives it: to its end, or
 * until it takes too long or too much, or `signal` asks to stop.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  const { command, cwd, services, limitSeconds, limitBytes, signal, onStart } = options;
  signal.throwIfAborted();
  const baseline = takeBaseline(services);
  const [program, ...args] = command;
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH };
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (output.stderr = (output.stderr + text).slice(-TAIL)));
  const exited = exitOf(child);
  if (child.pid === undefined) return { ...output, exitCode: await exited, bytes: 0 };
  onStart(child.pid);

  const meter = baseline === undefined ? undefined : meterUsage(child.pid, services, baseline);
  let ended: ProcessEnd['ended'];
  const end = (why: NonNullable<ProcessEnd['ended']>): void => {
    if (ended !== undefined) return;
    ended = why;
    endGroup(child, 'SIGTERM');
    setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS).unref();
  };
  const guard = guardLimits({ limitSeconds, limitBytes, meter, end });
  const stop = (): void => end('signal');
  signal.addEventListener('abort', stop);
  const exitCode = await exited.finally(() => {
    clearInterval(guard);
    signal.removeEventListener('abort', stop);
    endGroup(child, 'SIGKILL');
  });
  const bytes = meter?.bytes() ?? 0;
  const usage = meter?.stop();
  return { ...output, exitCode, ended, bytes, usage };
}

interface Guarded {
  readonly limitSeconds: number;
  readonly limitBytes: number;
  readonly meter: UsageMeter | undefined;
  readonly end: (why: 'time' | 'memory') => void;
}

function guardLimits({ limitSeconds, limitBytes, meter, end }: Guarded): NodeJS.Timeout {
  const began = performance.now();
  return setInterval(() => {
    if ((meter?.bytes() ?? 0) > limitBytes) end('memory');
    if (performance.now() - began > 1000 * limitSeconds) end('time');
  }, LOOK_MS);
}

/** Resolves when the process has ended and what it printed is here; what it left behind is ended. */
function exitOf(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('exit', () => setTimeout(() => endGroup(child, 'SIGKILL'), 500).unref());
  child.once('close', (code) => resolve(code));
  return promise;
}

function endGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // nothing of it is left
  }
}
