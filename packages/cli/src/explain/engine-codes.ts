import type { Explanations } from './explanation.ts';

/** Codes raised by `packages/engine` while flows are defined and executed. */
export const ENGINE_CODES: Explanations = {
  ARTIFACT_TOO_LARGE: {
    meaning: 'A picture given to `artifact.image` as bytes is too large for the journal.',
    cause: 'The journal keeps records, not large data; pictures of up to 512 KiB fit.',
    remedy: 'Write it to a file and give its path: `artifact.image(name, path)`.',
  },
  CANCELLED: {
    meaning: 'A run was stopped on request before it had a value.',
    cause: 'Ctrl-C, `sidereal cancel`, a map with `failFast`, or the flow around it ended with an error.',
    remedy: 'Go on with `sidereal resume RUN`: what is recorded is not repeated.',
  },
  CLOSURE_ON_THREADS: {
    meaning: 'A task that is to run on a worker thread cannot be found there.',
    cause:
      'Threads import the module and look the task up by name; a task made inside a function, or made twice, is not there.',
    remedy:
      "Define it once, at module level, and pass what it needs as arguments; or let it run with `on: 'inline'`.",
  },
  DEADLOCK: {
    meaning: 'A run waits for something that can never come.',
    cause:
      'Nodes wait for one another in a ring, through a variable of the surrounding code; or code awaits a promise that nothing settles. Nothing else in the process is alive that could end the wait.',
    remedy:
      'The message names who waits, and where it is defined. Pass what code awaits as an argument, which shows the order; or settle the promise.',
  },
  DUPLICATE_NAME: {
    meaning: 'Two tasks (or flows) of one module have the same name.',
    cause: 'Threads and resumed runs find them by module and name.',
    remedy: 'Give one of them another name.',
  },
  EMPTY_REDUCE: {
    meaning: '`reduce` was given nothing to combine.',
    cause: 'There were no items, and no value that stands for none.',
    remedy: 'Give one: `reduce(add, items, { initial: 0 })`.',
  },
  FLOW_CALLED_ON_IMPORT: {
    meaning: 'A flow is called while its module is imported.',
    cause:
      '`sidereal run` and worker threads import the module to find flows and tasks in it; a call at its top level would start a run each time.',
    remedy: 'Start it only where the module is the program: `if (import.meta.main) await myFlow(…)`.',
  },
  FLOW_ENDED: {
    meaning: 'A task was called, awaited or logged for after the flow, stage or task around it had ended.',
    cause:
      'A timer, a callback or a promise that nobody awaits outlived the code that made it; or the attempt was given up, at its timeout or because it did not stop when asked to.',
    remedy: 'Await it inside the flow; let code that may take long listen to `run.signal`.',
  },
  FLOW_TOO_DEEP: {
    meaning: 'Flows call flows, or a flow calls itself, a thousand deep.',
    cause:
      'A recursion that does not end; each level is a stage of its own, which stays until all in it has ended.',
    remedy:
      'Let the recursion end, or iterate with `loop`; tasks that call themselves may go ten times as deep.',
  },
  FOREIGN_FUTURE: {
    meaning: 'A future of one run was given to a task of another.',
    cause: 'Futures connect the tasks of one run; between runs only values can pass.',
    remedy: 'Await the future where it was made, and pass its value.',
  },
  FUTURE_USED_AS_VALUE: {
    meaning: 'A future was made into text, a number or JSON.',
    cause: 'Calling a task gives a future of its value; the value is there once it has been awaited.',
    remedy:
      'Write `const value = await future`; or give the future to a task as it is, which gets the value.',
  },
  INVALID_FLOW: {
    meaning: '`flow()` was not given what makes a flow.',
    cause: 'It needs an async function, and a name: its own, or `name` among the options.',
    remedy: "Write `flow({ name: 'image-cube' }, async () => …)`.",
  },
  INVALID_INPUT: {
    meaning: 'A flow does not accept its input, or the input cannot be read or recorded.',
    cause:
      "The flow's schema refuses it (the message names each field), it is not JSON, or it holds something that cannot be recorded, such as a function.",
    remedy:
      'Correct the input. `key=value` reads values as JSON if they are JSON: quote text that looks like it, as in who=\'"64"\'.',
  },
  INVALID_ITEMS: {
    meaning: 'What a task on a thread maps over or reduces is no list of items.',
    cause: 'Neither an array, nor an iterable, nor a future of a list.',
    remedy: 'Give one of these.',
  },
  INVALID_GROUP: {
    meaning: '`group` was not given a function.',
    cause: 'A group is a part of a flow: what its function submits is shown and counted together.',
    remedy: "Write `group('name', async () => …)`.",
  },
  INVALID_LOOP: {
    meaning: '`loop` was not given a function.',
    cause: 'It needs a name, options with `max`, and a function that is called once a cycle.',
    remedy: "Write `loop('name', { max: 10 }, async (cycle) => …)`.",
  },
  INVALID_OPTION: {
    meaning: 'An option of a task, a flow or a call does not exist, or has a value that makes no sense.',
    cause:
      'The message names the option and its value; a name may be misspelt, or belong to something else. A resource that a task needs must be among the `resources` of a flow around the call.',
    remedy: 'Correct it; the message says what may stand there.',
  },
  INVALID_QA: {
    meaning: 'A quality score lies outside of 0 to 1.',
    cause: 'Scores are fractions: 0 is bad, 1 is good.',
    remedy: 'Scale it. `null` says that no score applies, `{ error }` that scoring itself failed.',
  },
  INVALID_REDUCE: {
    meaning: '`reduce` was not given a task.',
    cause: 'It combines items by runs of a task; a plain function is none.',
    remedy: 'Make one of it: `reduce(task(add), items)`.',
  },
  INVALID_TASK: {
    meaning: '`task()` was not given what makes a task.',
    cause: 'It needs a function, and a name: its own, or `name` among the options.',
    remedy: "Write `task({ name: 'grid-channel' }, function)`.",
  },
  JOURNAL_FULL: {
    meaning: 'A run was given up because its journal could not be written for too long.',
    cause: 'The disk or a quota is full. Nothing new was started meanwhile, and running work was let finish.',
    remedy: 'Make room, then `sidereal resume RUN`: nothing that is recorded is repeated.',
  },
  LOST_CONTEXT: {
    meaning: 'A task, `run.log` or the like was called by code that no longer belongs to a run.',
    cause: 'Event listeners and stored callbacks run without the async context of the flow that made them.',
    remedy: 'Keep it where the flow is known: `emitter.on(event, run.bind(listener))`.',
  },
  MAP_FAILED: {
    meaning: 'Some items of a map failed. The message counts them and groups the causes.',
    cause: 'What the causes beneath say; all items have ended before this is raised.',
    remedy:
      'Mend the causes, then `sidereal retry RUN`: only what failed runs again. To accept failures, use `eachSettled(map)`.',
  },
  NO_FLOW: {
    meaning: 'Something was used outside of a flow that has a meaning only inside one.',
    cause:
      'Tasks called in a program without a flow run plainly, for tests; what needs a record does not work there.',
    remedy: 'Call it inside a flow.',
  },
  NO_STORE: {
    meaning: 'There is no store to record a run in.',
    cause: 'The engine was imported on its own.',
    remedy: "Import from 'sidereal', which brings a store, or pass one: `startRun(flow, input, { store })`.",
  },
  NOT_AN_ERROR: {
    meaning: 'Code of a task or flow threw something that is no error: a text, an object, nothing at all.',
    cause:
      'Only an error says where it was thrown: so the line is that of the definition. What was thrown is the cause.',
    remedy: 'Throw an Error: `throw new Error(message, { cause })`.',
  },
  NOT_A_MAP: {
    meaning: '`eachSettled` was given something that is not the result of a map.',
    cause: 'It needs what `task.map(…)` has returned, not its awaited value.',
    remedy: 'Pass it on without awaiting it; for a single run use `settled(future)`.',
  },
  NOT_ENDED: {
    meaning:
      'Under its trigger rule a task started before all that it takes had ended, and asked how one of them ended.',
    cause: 'Rules such as `one_success` and `always` do not wait for everything.',
    remedy: 'Use a rule that waits, such as `all_done`.',
  },
  NOT_ITERABLE: {
    meaning: 'What is to be mapped over or reduced holds no items.',
    cause: 'It is neither an iterable, nor an async iterable, nor a promise of one.',
    remedy: 'Give an array, another iterable, or the result of a map.',
  },
  OUTCOME_UNKNOWN: {
    meaning:
      'Nobody knows whether the effect of a strict task happened as it should: its process died under it, or what it consumed was made anew since.',
    cause: "`durability: 'strict'` promises that the effect never happens twice without anyone knowing.",
    remedy:
      "Look at the outside world, then `sidereal retry RUN --task TASK`; or declare `onUnknown: 'rerun'` if doing it twice is harmless.",
  },
  RESOURCES_EXCEEDED: {
    meaning: 'A task needs more than there is: of memory, or of a named resource.',
    cause:
      'Its `resources` say more than the `memory` or the `resources` of the flow (or stage) that calls it; it could never start. Without these a flow has the cores of the machine (`cpu`) and a quarter of its memory.',
    remedy: "Let it need less, or say what there is: `flow({ memory: '8GiB', resources: { gpu: 2 } }, …)`.",
  },
  RESULT_DAMAGED: {
    meaning: 'A result file is not what was written.',
    cause:
      'Its content does not have the checksum that its name says: the disk or another program has changed it.',
    remedy:
      'The value is computed again if the task can be repeated; otherwise restore the file from a copy. `sidereal doctor` checks all of them.',
  },
  RESULT_MISSING: {
    meaning: 'A result file cannot be read.',
    cause: 'It was removed, or its permissions were changed.',
    remedy:
      'The value is computed again if the task can be repeated; otherwise restore the file from a copy. `sidereal doctor` checks all of them.',
  },
  RESULT_NOT_DURABLE: {
    meaning: 'A task that must keep its value gave one that cannot be kept.',
    cause: 'The value holds a function, a symbol, a promise or the like; the message names it.',
    remedy:
      'Return plain data (numbers, strings, arrays, plain objects, typed arrays, Map, Set, Date), or drop `persist`.',
  },
  RESULT_NOT_WRITTEN: {
    meaning: 'The file of a value that must be kept could not be written.',
    cause: 'The disk is full, or the folder of the store cannot be written; the cause beneath says which.',
    remedy: 'Make room or give yourself write permission, then `sidereal resume RUN`.',
  },
  RUN_TAKEN_OVER: {
    meaning: 'Another process executes this run now, and nothing of what this one still does is recorded.',
    cause: 'Somebody resumed the run with `--take-over`.',
    remedy: 'Leave the run to that process.',
  },
  PROCESS_EXIT: {
    meaning: 'Code of a flow or task called `process.exit` while its run was under way.',
    cause:
      "On a worker thread it would end the thread, and with it whatever else that carries: it counts as a failure of the task. On the flow's own thread it ends the process: the run is interrupted, what is recorded stays, and the process ends with 4. The message says the line.",
    remedy:
      'End a task by returning or throwing. To end the whole run, let the task fail and nobody handle it. An interrupted run goes on with `sidereal resume`.',
  },
  SKIPPED: {
    meaning: 'The value of a task or stage that was skipped is asked for.',
    cause: 'It called `skip(reason)`, or what it needs was skipped.',
    remedy: 'To go on without its value use `settled(future)`, or a trigger rule such as `none_failed`.',
  },
  TASK_MODULE_FAILED: {
    meaning: 'A worker thread cannot import the module of a task.',
    cause: 'The module does something at its top level that fails in a thread; the cause says what.',
    remedy: 'Make it importable on its own: no work at module level.',
  },
  TASK_NOT_FOUND: {
    meaning: 'A worker thread has imported a module and does not find the task there.',
    cause: 'The task is only defined under some condition that does not hold in the thread.',
    remedy: 'Define it unconditionally, at module level.',
  },
  THREAD_LOST: {
    meaning: 'The worker thread of a task ended under it.',
    cause: 'It ran out of memory, or native code ended it.',
    remedy: 'See the message. Crashes are retried a few times and do not use up the retries of the task.',
  },
  THREAD_START_FAILED: {
    meaning: 'Worker threads end before they can take work.',
    cause: 'The installation is incomplete, or memory or the number of threads is limited.',
    remedy: 'Look at the cause and run `sidereal doctor`.',
  },
  TIMED_OUT: {
    meaning: 'An attempt ran longer than its timeout.',
    cause:
      'For a task the running time of one attempt counts, not its waiting for a slot or for what it called; for a flow or stage all time counts. What its code still does is ignored.',
    remedy: 'Raise `timeout`; code that listens to `run.signal` can stop in time.',
  },
  TOO_DEEP_ON_THREADS: {
    meaning: 'Tasks on threads call tasks on threads too deep: 64, or the size of the pool if that is more.',
    cause:
      'Most likely a task calls itself without end. A strict task that waits for others also keeps its thread, of which a pool has no more than that.',
    remedy: "Nest less deeply, or call from a stage or from a task with `on: 'inline'`.",
  },
  TOO_MANY_CALLS: {
    meaning: 'More than a million plain calls of tasks are outstanding.',
    cause: 'Plain calls cannot be held back while others run.',
    remedy: 'Use `task.map(items)`: it takes items as runs before them end, so that any number will do.',
  },
  UNKEYABLE: {
    meaning: 'A call of a strict task could not be known again when the run is resumed, so it is not made.',
    cause:
      'A strict task must never run twice unseen. Its definition was made inside of a function, where others may look the same, or an argument hides state (a function, a symbol, private fields), so its key says too little.',
    remedy:
      "Give the call a key (`task.with({ key: '…' })(…)`) or the definition an `identity`, define the task at module level, or pass plain data.",
  },
  DUPLICATE_KEY: {
    meaning: 'Two calls of one scope have the same explicit key.',
    cause:
      'A `key` stands for the arguments of a call and tells it from the others of its flow, stage, loop cycle or group. With the same key twice, a resumed run could give one the value of the other. The message names both lines.',
    remedy: 'Give each call a key of its own, for example with what it works on in it.',
  },
  FUTURE_HIDDEN: {
    meaning:
      'A future stands where Sidereal does not look for futures: in a field of a class instance, or in an error.',
    cause:
      'Futures are found, and replaced by their values, in arrays, object literals, Maps and Sets, at any depth. Elsewhere the task would be given the future itself, and the graph would not know of it.',
    remedy:
      'Pass the future as an argument of its own or inside plain data and build the instance in the task, or `await` it first.',
  },
  SHARED_VALUE_CHANGED: {
    meaning: 'A value that several tasks see as one has been changed.',
    cause:
      "The value was declared with `shared()`, or a task with `arrays: 'borrow'` was given it: both promise that nobody changes it. Debug mode compares it at every use; the message names all that read it since it was last whole, and one of them changed it.",
    remedy:
      'Change a copy in that task (`array.slice()`, `structuredClone`), or give up `shared()` or `borrow` for the value.',
  },
  UNCLONEABLE_ARGUMENT: {
    meaning: 'An argument of a task on a thread cannot be sent there.',
    cause:
      'Threads get copies of their arguments; functions, promises and instances with hidden state cannot be copied. An instance that is nothing but its fields keeps its class if the module that declares the class exports it.',
    remedy:
      "Pass plain data, typed arrays and instances of exported classes, or let the task run with `on: 'inline'`.",
  },
  UNCLONEABLE_RESULT: {
    meaning: 'What a task on a thread returned cannot be sent back.',
    cause:
      'Results are copied or handed over; functions and instances with hidden state cannot be. An instance that is nothing but its fields keeps its class if the module that declares the class exports it.',
    remedy:
      "Return plain data, typed arrays and instances of exported classes, or let the task run with `on: 'inline'`.",
  },
  UNHANDLED_FAILURE: {
    meaning: 'A run failed, and nothing in the flow deals with that.',
    cause: 'It was neither awaited, nor wrapped in `settled`, nor consumed under a tolerant trigger rule.',
    remedy: 'Mend the cause and `sidereal retry RUN`; or await the call, or use `settled(future)`.',
  },
  UPSTREAM_FAILED: {
    meaning: 'A run could not start because something that it needs failed.',
    cause: 'See the cause beneath: that is where to look.',
    remedy: 'Mend the cause, then `sidereal retry RUN`: what failed and what needs it runs again.',
  },
  VALUE_LOST: {
    meaning:
      'A value is needed again that the record no longer holds, and that cannot be computed again here.',
    cause: 'Its file is missing or damaged, and what would make it again is not part of this attempt.',
    remedy: 'Run `sidereal doctor`; then `sidereal retry RUN --from STAGE` with the stage that makes it.',
  },
  VALUE_CORRUPT: {
    meaning: 'A recorded value cannot be read.',
    cause: 'The journal or the file that holds it is damaged.',
    remedy: 'Run `sidereal doctor`; `sidereal retry RUN --from STAGE` computes it again.',
  },
};
