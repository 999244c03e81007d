/**
 * One flow run under way: its parts, put together. Each part is handed what it needs of the ones below it, in the
 * order in which they stand here; what has to reach upwards (an attempt makes a scope, a transition begins an
 * attempt) does so through a function that is given here.
 */
import { Scheduler, STATE_CODE, type FlowThreadCells, type Journal } from '@sidereal/core';
import type { ResultFiles } from '../../results/result-files.ts';
import type { Scope } from '../../context/scope.ts';
import type { ModuleNames } from '../../identity/module-names.ts';
import { AbandonedCode } from '../attempts/abandoned-code.ts';
import { AttemptEnds } from '../attempts/attempt-ends.ts';
import { AttemptTable } from '../attempts/attempt-table.ts';
import { Attempts } from '../attempts/attempts.ts';
import { LentValues } from '../attempts/lent-values.ts';
import { Inputs } from '../attempts/inputs.ts';
import { Outcomes } from '../attempts/outcomes.ts';
import { Transitions } from '../attempts/transitions.ts';
import { CallIdentities } from '../calls/call-identity.ts';
import { Calls } from '../calls/calls.ts';
import { Intake } from '../calls/given.ts';
import { Recall } from '../calls/recall.ts';
import { Captures } from '../calls/captures.ts';
import { Repeats } from '../calls/repeats.ts';
import { Submissions } from '../calls/submissions.ts';
import { Futures } from '../futures/futures.ts';
import { OpenCalls } from '../futures/open-calls.ts';
import { Waiting } from '../futures/waiting.ts';
import type { GroupParts } from '../groups/group-parts.ts';
import { Pacing } from '../groups/pacing.ts';
import { Contents } from '../groups/contents.ts';
import { Deadlines } from '../loop/deadlines.ts';
import { lackText } from '../loop/lack-text.ts';
import { RunLoop } from '../loop/run-loop.ts';
import { RunnerSet } from '../loop/runner-set.ts';
import { codeScopeOf, type CodeScope } from '../nodes/code-scope.ts';
import { Completions } from '../nodes/completion.ts';
import { RETAINED, SETTLED } from '../nodes/node-flags.ts';
import { RunNodes } from '../nodes/run-nodes.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { ChangedCode } from '../record/changed-code.ts';
import { HeldThread } from '../record/held-thread.ts';
import { NameTable } from '../record/name-table.ts';
import type { Recorder } from '../record/recorder.ts';
import type { ResumeIndex } from '../record/resume-index.ts';
import { RunRecord } from '../record/run-record.ts';
import { StrayErrors } from '../record/stray-errors.ts';
import { MainScope, type ScopeParts } from '../scope/main-scope.ts';
import { Eviction } from '../values/eviction.ts';
import { Values } from '../values/values.ts';
import { statusLines } from './status-lines.ts';
import { makeRunner } from './make-runner.ts';
import { Standstill } from './standstill.ts';

export interface FlowRunOptions {
  readonly id: string;
  readonly journal: Journal;
  readonly recorder: Recorder;
  /** The thread that executes it, and what the run is called there. */
  readonly thread: Readonly<{ cells: FlowThreadCells; run: number }>;
  readonly files: ResultFiles;
  readonly modules: ModuleNames;
  readonly code: ChangedCode;
  readonly memoryBudget: number;
  /** What a task of which nothing is known is taken to make. */
  readonly unknownBytes: number;
  readonly resume: ResumeIndex | undefined;
  readonly validate: boolean;
  readonly maxOutstandingCalls: number | undefined;
  readonly debugValues: boolean;
  /** Tells people something while the run is under way. */
  readonly say: (message: string) => void;
  readonly cancelGraceMs: number;
  /** The engine itself has failed: the run cannot go on here. */
  readonly onDefect: (error: unknown) => void;
}

/** What a run's life needs of the run. */
export interface FlowRun {
  readonly id: string;
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly strays: StrayErrors;
  readonly names: NameTable;
  readonly intake: Intake;
  readonly runners: RunnerSet;
  readonly repeats: Repeats;
  readonly waiting: Waiting;
  readonly thread: HeldThread;
  /** What is under way, a line each. */
  status(): readonly string[];
  readonly standstill: Standstill;
  /**
   * Nothing has caught an error that code of this scope threw: if it is the failure of a run that the code awaited, the
   * code fails by it once it ends, unless somebody takes it by then. False if it is not.
   */
  failsBy(scope: Scope | undefined, error: unknown, isTaken: () => boolean): boolean;
  /** Has the node's code been asked to stop? */
  isAskedToStop(node: RunNode): boolean;
  /** Ends what was asked to stop and has not stopped, in the whole run or beneath a node; its code is ignored. */
  abandon(part?: RunNode): void;
  /** Stops everything; nothing is recorded any more. */
  close(): Promise<void>;
}

export function openFlowRun(options: FlowRunOptions): FlowRun {
  const { id: runId, recorder, resume, journal, files, modules, code, onDefect } = options;
  const nodes = new RunNodes(resume?.snapshot.nodes.count ?? 0);
  const scheduler = new Scheduler({
    memoryBudget: options.memoryBudget,
    unknownBytes: options.unknownBytes,
    validate: options.validate,
    mayGoAhead: (id) => {
      const work = nodes.get(id)?.work;
      return work?.type === 'task' && runners.ofNode(id).mayGoAhead(work.definition);
    },
  });
  const record = new RunRecord({ recorder, scheduler });
  const strays = new StrayErrors({ record, say: options.say });
  const thread = new HeldThread(options.thread, journal);
  const names = new NameTable(recorder, modules, resume?.snapshot.names ?? []);
  const loop = new RunLoop({ scheduler, nodes, onDefect });
  const deadlines = new Deadlines<RunNode>();
  const runners: RunnerSet = new RunnerSet(scheduler, (choice) =>
    makeRunner({ attempts: () => attempts, scopeOf, strays, thread }, choice),
  );
  const eviction = new Eviction(loop);
  const values = new Values({ loop, record, eviction, journal, files });
  const waiting = new Waiting({ loop, values, deadlines });
  const captures = new Captures(resume);
  const repeats = new Repeats({ resume, eviction, captures });
  const mayReuse = ({ parent }: RunNode): boolean =>
    resume !== undefined || (parent !== undefined && scheduler.attemptOf(parent.id) > 1);
  const futures = new Futures({ loop, waiting, eviction, mayReuse });
  const intake = new Intake(futures);
  const openCalls = new OpenCalls();
  const table = new AttemptTable();
  const completions = new Completions(resume?.latestUs ?? 0);
  const lent = options.debugValues ? new LentValues() : undefined;
  const inputs = new Inputs({ loop, values, waiting, lent });
  const outcomes = new Outcomes({
    loop,
    record,
    values,
    futures,
    waiting,
    deadlines,
    attempts: table,
    lent,
    onDefect,
  });
  const ends = new AttemptEnds({
    loop,
    record,
    deadlines,
    attempts: table,
    outcomes,
    runners,
    abandoned: new AbandonedCode({ record, say: options.say }),
    graceMs: options.cancelGraceMs,
  });
  const newScope = (node: RunNode): CodeScope => new MainScope(scopeParts, node).code;
  const attempts: Attempts = new Attempts({
    runId,
    loop,
    record,
    values,
    inputs,
    waiting,
    outcomes,
    attempts: table,
    runners,
    deadlines,
    openCalls,
    ends,
    newScope,
    thread,
  });
  const identities = new CallIdentities({ intake, modules });
  const recall = new Recall({
    loop,
    resume,
    repeats,
    captures,
    changeIn: (definition, idx) => code.since(definition, idx),
  });
  const submissions = new Submissions({
    loop,
    record,
    names,
    code,
    identities,
    recall,
    resume,
    repeats,
    completions,
    captures,
    pools: runners,
  });
  const calls = new Calls({
    loop,
    futures,
    openCalls,
    intake,
    submissions,
    maxOutstanding: options.maxOutstandingCalls,
  });
  const pacing = new Pacing({ loop, attempts: table, openCalls });
  const groups: GroupParts = {
    loop,
    record,
    values,
    eviction,
    futures,
    waiting,
    openCalls,
    attempts: table,
    outcomes,
    intake,
    submissions,
    contents: new Contents({ loop, record, resume, completions, captures, intake }),
    pacing,
    newScope,
  };
  const scopeParts: ScopeParts = { runId, record, repeats, calls, groups };
  const transitions = new Transitions({
    loop,
    record,
    resume,
    values,
    futures,
    deadlines,
    table,
    attempts,
    ends,
    completions,
    onEnded: (node) => {
      repeats.ended(node);
      calls.ended(node);
    },
  });

  function scopeOf(id: number): CodeScope {
    const node = nodes.get(id);
    const attempt = node === undefined ? undefined : table.get(node);
    if (node === undefined || attempt === undefined) throw new RangeError(`no job ${id}`);
    if (attempt.scope === undefined) {
      attempt.scope = newScope(node);
      if (attempt.isGivenUp) attempt.scope.close();
    }
    return attempt.scope;
  }

  loop.open({
    beforeDispatch: () => {
      runners.adjust();
      scheduler.holdsBeside(intake.bytes);
    },
    transition: (node, transition) => transitions.perform(node, transition),
    drop: (node) => {
      values.drop(node);
      if (node.work.type === 'container' && !node.has(RETAINED)) node.work.unretained?.();
      if (node.parent?.work.type === 'container') node.parent.work.dropped?.(node);
    },
    goOn: (node, from, to) => {
      if (from !== to) record.moved(node, from, to, '', '');
      waiting.goOn(node);
    },
    lacks: (node, lack) => record.lacks(node, lack.claim, lackText(loop, node, lack)),
    spill: () => {
      values.spill();
      intake.trim();
    },
    note: (node, body) => record.note(node, body),
    idle: () => pacing.idle(),
  });

  const abandon = (part?: RunNode): void => {
    for (const node of nodes) {
      const isStopping = scheduler.stateOf(node.id) === STATE_CODE.cancelling && !node.has(SETTLED);
      if (isStopping && (part === undefined || isWithin(node, part))) ends.abandon(node);
    }
    loop.pump();
  };
  const { say } = options;
  const standstill = new Standstill({
    loop,
    waiting,
    pacing,
    attempts: table,
    outcomes,
    deadlines,
    record,
    abandon,
    say,
  });

  return {
    id: runId,
    loop,
    record,
    strays,
    names,
    intake,
    runners,
    repeats,
    waiting,
    thread,
    status: () => statusLines({ nodes, scheduler, runners, waiting, counters: record.counters }, Date.now()),
    standstill,
    failsBy(scope, error, isTaken) {
      const thrower = codeScopeOf(scope);
      if (thrower === undefined || !waiting.isFailure(error)) return false;
      if (!scheduler.nodes.isOpen(thrower.node.id)) return false;
      thrower.dropped(error, isTaken);
      return true;
    },
    isAskedToStop: (node) => table.get(node)?.stopReason !== undefined,
    abandon,
    async close() {
      if (loop.isClosed) return;
      loop.close();
      standstill.close();
      deadlines.close();
      record.close();
      await runners.close();
    },
  };
}

function isWithin(node: RunNode, part: RunNode): boolean {
  for (let at: RunNode | undefined = node; at !== undefined; at = at.parent) if (at === part) return true;
  return false;
}
