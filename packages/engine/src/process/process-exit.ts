/**
 * `process.exit` in a program whose runs are alive, from wherever it is called: a task, a `finally`, a timer, a
 * listener, the top level of a module. Handlers of `exit` are called by it, synchronously, with its caller on the
 * stack: so it does not matter by which reference the program reached it. Each run records what happened where, commits
 * its record, gives up its lease, and is interrupted; the process ends with 4.
 *
 * Not seen are `process.reallyExit` and `process.abort`, which call no handlers, and a handler of the program's own
 * that is called after this one and sets another exit code.
 */
import { SiderealError } from '@sidereal/core';
import { ambient } from '../context/ambient.ts';
import { userCallSite } from '../identity/call-site.ts';
import type { LiveRun } from './live-run.ts';

const EXIT_CODE = 4;

export class ProcessExit {
  readonly #runs: ReadonlySet<LiveRun>;
  /** The engine itself ends the process. */
  #isOurs = false;

  constructor(runs: ReadonlySet<LiveRun>) {
    this.#runs = runs;
  }

  /** The first run begins. */
  open(): void {
    // Ahead of the program's own handlers: what they do can take long, and may throw.
    process.prependListener('exit', this.#ending);
  }

  /** The last run has ended. */
  close(): void {
    process.off('exit', this.#ending);
  }

  /** Ends the process; runs know of it. */
  end(code: number): never {
    this.#isOurs = true;
    process.exit(code);
  }

  readonly #ending = (code: number): void => {
    if (this.#isOurs) return;
    const at = userCallSite()?.at;
    const scope = ambient.storage.getStore();
    // Without a line, it is Node that ends the process.
    const what = at === undefined ? 'the process ended' : `process.exit(${code}) was called`;
    for (const run of this.#runs) {
      const isOwner = scope !== undefined && run.owns(scope);
      const body = { code: 'process_exit', message: at === undefined ? what : `${what} at ${at}` };
      run.remark(isOwner ? scope : undefined, body);
      const isKept = run.interrupt();
      const where = isOwner ? ` in '${scope.info.name}'` : '';
      const message = `${what}${where} while the run was under way${isKept ? '' : '; its last records could not be written'}`;
      const remedy =
        'A flow ends by returning or throwing. The run is interrupted: go on with `sidereal resume`.';
      run.tell({ type: 'exit', error: new SiderealError('PROCESS_EXIT', message, { at, remedy }) });
    }
    if (at !== undefined || code === 0) process.exitCode = EXIT_CODE;
  };
}
