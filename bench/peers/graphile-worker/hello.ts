/** The row `cold-hello`: a process with a worker of its own adds one job, waits for it to be done and ends. */
import { run } from 'graphile-worker';
import { once } from 'node:events';
import { urlOf } from '../node/postgres.ts';
import { DATABASE } from './database.ts';
import { logger } from './logger.ts';

const runner = await run({
  preset: { worker: { connectionString: urlOf(DATABASE), logger } },
  taskList: { hello: async () => undefined },
  noHandleSignals: true,
});
const done = once(runner.events, 'job:complete');
await runner.addJob('hello', {});
await done;
await runner.stop();
