/**
 * `process.exit` in a worker thread. There it ends the thread, and with it whatever else the thread carries; who calls
 * it means the code that it stands in. So it ends the job in whose async context it is called:
 *
 * - **The job has not ended.** Its outcome is `PROCESS_EXIT`, told first; then the thread ends, because nothing less
 *   keeps the code after the call from executing: an error that is thrown instead may be caught, and what then goes on
 *   would be code of a job that has ended, on a thread that counts as free. Neighbours begin again elsewhere.
 * - **The job has ended** (a timer that it left behind), or the code is nobody's. Nothing depends on it any more, so
 *   the thread stays, for others' sake: the code is stopped by an error, which is told as a stray one.
 * - **A module that is being imported** fails, by an error.
 *
 * `process.abort` does not exist in threads, and `process.kill(process.pid)` ends the process, as everywhere.
 */
import { syncBuiltinESMExports } from 'node:module';
import { SiderealError } from '@sidereal/core/errors';
import { ambient } from '../../context/ambient.ts';
import { userCallSite } from '../../identity/call-site.ts';
import type { RemoteJob } from '../remote/remote-job.ts';
import { currentJob } from './current-job.ts';

export interface ExitOptions {
  /** Ends the thread as Node.js does. */
  readonly exit: (code?: number | string | null) => never;
  /** Ends a job that has not ended with this error, and tells that the thread is about to end. False: it has ended. */
  readonly endJob: (job: RemoteJob, error: SiderealError) => boolean;
  /** Tells an error of code that belongs to no job under way. */
  readonly stray: (error: SiderealError) => void;
}

/** Puts the function that user code gets into the place of Node's. */
export function interceptExit({ exit, endJob, stray }: ExitOptions): void {
  let isEnding = false;
  process.on('exit', () => {
    isEnding = true;
  });
  process.exit = (code?: number | string | null): never => {
    if (isEnding) return exit(code);
    const job = currentJob();
    const error = exitCalled(job, code ?? process.exitCode ?? 0);
    if (job !== undefined && endJob(job, error)) return exit(code);
    if (job !== undefined || ambient.importing === undefined) stray(error);
    throw error;
  };
  syncBuiltinESMExports();
}

function exitCalled(job: RemoteJob | undefined, code: number | string): SiderealError {
  const who =
    job === undefined
      ? (ambient.importing ?? 'code that belongs to no task')
      : `${job.isOver ? 'what was left behind by ' : ''}task '${job.info.name}'`;
  return new SiderealError('PROCESS_EXIT', `${who} called process.exit(${code}) on a worker thread`, {
    at: userCallSite()?.at,
    remedy:
      'End a task by returning or throwing. To end the whole run, let the task fail and nobody handle it.',
  });
}
