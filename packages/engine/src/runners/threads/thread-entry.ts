/**
 * The program of a worker thread. Loads as little as it can: thousands of threads may start in a run, and each
 * imports the user's module anyway, which brings the rest.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SiderealError } from '@sidereal/core/errors';
import { ambient } from '../../context/ambient.ts';
import { ExportedClasses } from '../cloning/exported-classes.ts';
import { MessageGate } from '../cloning/message-gate.ts';
import { currentJob } from './current-job.ts';
import { JobLoop, type SendFromThread } from './job-loop.ts';
import { ModuleImports } from './module-imports.ts';
import { PrintedLines } from './printed-lines.ts';
import { interceptExit } from './process-exit.ts';
import { classesTo, type ThreadData, type ToThread } from './protocol.ts';
import { UncaughtErrors } from './uncaught-errors.ts';
import { TaskLookup } from './task-lookup.ts';
import { ThreadStillness } from './thread-stillness.ts';
import { Tickets } from './tickets.ts';

const port = parentPort;
if (port === null) {
  throw new SiderealError('INTERNAL', 'the entry of worker threads is loaded outside of one', {
    remedy: 'Do not import it; import the package.',
  });
}

ambient.isRunnerThread = true;
/** Ends this thread, and only it; user code may put another function into its place. */
const exit = process.exit.bind(process);
const { tickets, startVariable } = workerData as ThreadData;
if (startVariable !== undefined) Reflect.deleteProperty(process.env, startVariable);
const send: SendFromThread = (message, transfer) => port.postMessage(message, transfer);
const printed = new PrintedLines(send, () => {
  const job = currentJob();
  return job?.isOver === true ? undefined : job;
});
const modules = new ModuleImports((module, namespace) => names.add(module, namespace));
const names = new ExportedClasses(async (module) => {
  await modules.import(module);
  const failure = modules.failureOf(module);
  if (failure !== undefined) throw failure.cause;
});
const loop = new JobLoop({
  tickets: new Tickets(tickets),
  lookup: new TaskLookup(modules),
  names,
  send,
  afterJob: (job) => printed.endLines(job),
});

printed.install();
const uncaught = new UncaughtErrors(send, names);
uncaught.install(modules);
interceptExit({
  exit,
  endJob: (job, error) => {
    if (!loop.abort(job, error)) return false;
    send({ type: 'exiting', task: job.info.name });
    return true;
  },
  stray: (error) => uncaught.tell(error),
});
process.on('exit', () => printed.endAll());
const gate = new MessageGate<Exclude<ToThread, { type: 'end' }>>({
  classesIn: classesTo,
  prepare: (classes) => names.prepare(classes),
  deliver: (message) => loop.receive(message),
});
const stillness = new ThreadStillness({ port, send, hasJobs: () => loop.hasJobs });
stillness.install();
port.on('message', (message: ToThread) => {
  stillness.received();
  if (message.type === 'end') return exit(0);
  gate.receive(message);
});
send({ type: 'up' });
