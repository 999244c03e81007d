import type { Context } from '../context.ts';
import { errorView } from '../errors/error-view.ts';
import { EXIT } from '../errors/exit-code.ts';
import { errorLines } from '../errors/render-error.ts';
import { userLine } from '../errors/user-line.ts';

/**
 * While it is in use, an error that nothing in the user's program catches (a rejection that nobody awaits, a
 * throw in an event listener) ends the process, as it does under plain `node`, but is told as other errors are.
 */
export function onStrayErrors(report: (print: (context: Context) => void) => void): Disposable {
  const heard = (error: unknown): void => {
    report((context) => {
      const { err, errStyle: style, cwd } = context;
      err.write('an error that nothing catches ends the process:\n');
      const view = errorView(error, userLine);
      err.write(`${errorLines(view, { style, width: err.columns, cwd, debug: context.debug }).join('\n')}\n`);
    });
    process.exit(EXIT.crashed);
  };
  process.on('uncaughtException', heard);
  return {
    [Symbol.dispose]() {
      process.off('uncaughtException', heard);
    },
  };
}
