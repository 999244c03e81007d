/** The row `cold-hello`: a process launches DBOS, runs a workflow of one step and ends. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { launch } from './application.ts';

const hello = DBOS.registerWorkflow(() => DBOS.runStep(async () => 'hello', { name: 'hello' }), {
  name: 'hello-workflow',
});
await launch({ executorID: 'hello', poolSize: 10, listenQueues: [] });
const value = await hello();
if (value !== 'hello') throw new Error(`the workflow returned ${value}`);
await DBOS.shutdown();
