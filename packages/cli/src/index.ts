/** The command line, for programs that bring it under another name. The command itself is `main.ts`. */
export { commandLine } from './program/command-line.ts';
export { showProgress, type RunDisplay } from './running/show-progress.ts';
export { findRun } from './reading/find-run.ts';
