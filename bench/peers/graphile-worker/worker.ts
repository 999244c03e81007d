/** A worker process. It reports how many jobs have completed since it last did. */
import { run } from 'graphile-worker';
import { argument, serve } from '../node/fleet.ts';
import { urlOf } from '../node/postgres.ts';
import { DATABASE } from './database.ts';
import { logger } from './logger.ts';
import { type WorkerSettings, presetOf } from './settings.ts';
import { tasks } from './tasks.ts';

const settings = argument() as WorkerSettings;
const runner = await run({
  preset: { worker: { ...presetOf(settings), connectionString: urlOf(DATABASE), logger } },
  taskList: tasks,
  noHandleSignals: true,
});
let completed = 0;
let isReporting = false;
runner.events.on('job:complete', ({ error }) => {
  if (error !== undefined && error !== null) return;
  completed += 1;
  if (isReporting) return;
  isReporting = true;
  setImmediate(() => {
    process.send?.(completed);
    completed = 0;
    isReporting = false;
  });
});
runner.events.on('job:error', ({ error }) => console.error(error));
serve(() => runner.stop());
