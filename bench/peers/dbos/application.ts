/** The DBOS application: the same in the caller, in worker processes and in the row `cold-hello`. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { urlOf } from '../node/postgres.ts';
import { DATABASE } from './database.ts';

export const QUEUE = 'tasks';

export interface Launch {
  readonly executorID: string;
  readonly poolSize: number;
  /** Queues whose workflows this process runs. */
  readonly listenQueues: readonly string[];
}

export async function launch({ executorID, poolSize, listenQueues }: Launch): Promise<void> {
  DBOS.setConfig({
    name: 'sidereal-bench',
    applicationVersion: '1',
    executorID,
    systemDatabaseUrl: urlOf(DATABASE),
    systemDatabasePoolSize: poolSize,
    listenQueues: [...listenQueues],
    logLevel: 'error',
  });
  await DBOS.launch();
}
