import type { Context } from '../context.ts';
import { liveProgress } from '../progress/live-progress.ts';
import { plainProgress, silentProgress } from '../progress/plain-progress.ts';
import type { Progress } from '../progress/progress.ts';
import type { RunSettings } from './run-settings.ts';

/** A display drawn in place where stderr is a terminal that can do so, plain lines elsewhere. */
export function chooseProgress(settings: RunSettings, context: Context): Progress {
  const { err, errStyle: style, env } = context;
  const write = (line: string): void => err.write(`${line}\n`);
  if (!settings.progress) return silentProgress(write);
  if (!err.isTerminal || env['TERM'] === 'dumb') return plainProgress(write, style);
  return liveProgress(err, style, process);
}
