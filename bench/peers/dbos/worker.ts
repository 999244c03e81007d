/** A worker process: runs workflows from the queue. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { argument, serve } from '../node/fleet.ts';
import { launch, QUEUE } from './application.ts';
// oxlint-disable-next-line import/no-unassigned-import -- it registers the workflows
import './queued.ts';

const { poolSize } = argument() as { readonly poolSize: number };
await launch({ executorID: `worker-${process.pid}`, poolSize, listenQueues: [QUEUE] });
serve(() => DBOS.shutdown());
