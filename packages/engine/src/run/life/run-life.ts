import {
  hasSucceeded,
  RESUME,
  STATE_CODE,
  stateOf,
  type EndedState,
  type Journal,
  type JournalEvent,
  type JournalStore,
  type RunCommand,
  type RunHeader,
} from '@sidereal/core';
import { ambient } from '../../context/ambient.ts';
import type { Scope } from '../../context/scope.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import { liveRuns } from '../../process/live-runs.ts';
import { ResultFiles } from '../../results/result-files.ts';
import { sayOnStderr } from '../../process/told-on-stderr.ts';
import { readStoredValue } from '../../results/stored-value.ts';
import { decodeValue, encodeValue } from '../../results/value-codec.ts';
import { measure } from '../../results/measure.ts';
import { ModuleNames, packageCopiesText } from '../../identity/module-names.ts';
import { stageInput } from '../attempts/stage-input.ts';
import { ended } from '../nodes/ended.ts';
import { findOpenNode, nodeNotFound } from '../nodes/find-node.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { asError } from '../../errors/journal-error.ts';
import { errorLine } from '../../errors/thrown-message.ts';
import { ChangedCode } from '../record/changed-code.ts';
import { provenance } from '../record/provenance.ts';
import { Recorder } from '../record/recorder.ts';
import type { StrayErrors } from '../record/stray-errors.ts';
import { ResumeIndex } from '../record/resume-index.ts';
import type { StageProgress } from '../record/run-counters.ts';
import { newRunId } from '../record/run-id.ts';
import { codePlaceOf } from './code-place.ts';
import { openFlowRun, type FlowRun } from './flow-run.ts';
import { HoldReport } from './hold-report.ts';
import { JournalHold } from './journal-hold.ts';
import { fenced, neverBegins, noStore, uninputable } from './life-errors.ts';
import { inputText } from './input-text.ts';
import { memoryOf } from './memory-budget.ts';
import { onProcessIdle } from './process-idle.ts';
import type { RunOutcome } from './run-handle.ts';
import type { RunOptions } from './run-options.ts';
import { submitRoot } from './submit-root.ts';

const CANCEL_GRACE_MS = 5000;

/**
 * A run from before its journal exists to after its last record is durable: opens the store, validates the
 * input, executes the flow, and reports the end only once the whole record is on stable storage.
 */
export class RunLife {
  readonly #definition: FlowDefinition;
  readonly #input: unknown;
  readonly #options: RunOptions;
  readonly #identified: PromiseWithResolvers<string>;
  readonly #givenUp = Promise.withResolvers<never>();
  #run: FlowRun | undefined;
  #recorder: Recorder | undefined;
  #root: RunNode | undefined;
  /** Errors that nothing caught before there was a record. */
  readonly #early: Parameters<StrayErrors['add']>[] = [];
  #cancelReason: string | undefined;
  readonly #hold: JournalHold;
  readonly #holds = new HoldReport();

  /** `identified` is settled once it is recorded that the run exists, or that it cannot be. */
  constructor(
    definition: FlowDefinition,
    input: unknown,
    options: RunOptions,
    identified: PromiseWithResolvers<string>,
  ) {
    this.#definition = definition;
    this.#input = input;
    this.#options = options;
    this.#identified = identified;
    this.#hold = new JournalHold({
      say: (message) => options.onRemark?.(message),
      giveUp: (error) => this.#givenUp.reject(error),
      patienceMs: options.journalFullMs,
    });
    this.#givenUp.promise.catch(() => undefined);
  }

  async execute(): Promise<RunOutcome> {
    let journal: Journal | undefined;
    let runId = '';
    let own: JournalStore | undefined;
    using _hold = this.#hold;
    using _idle = onProcessIdle(() => this.#processIdle());
    try {
      if (this.#options.store === undefined) own = await this.#defaultStore();
      const store = this.#options.store ?? own;
      if (store === undefined) throw noStore();
      journal = await Promise.race([this.#open(store), this.#givenUp.promise]);
      runId = journal.runId;
      this.#identified.resolve(runId);
      return await this.#live(store, journal);
    } catch (error) {
      this.#identified.reject(error);
      const say = this.#options.onRemark ?? sayOnStderr;
      for (const [{ error: stray }, isSaid] of this.#early) if (isSaid !== true) say(errorLine(stray));
      await this.#run?.close();
      await journal?.close({ abandon: true });
      return { runId, state: undefined, error: asError(error) };
    } finally {
      await own?.close();
    }
  }

  /** Asks the run to stop; a second request ends it, whatever its code does. */
  cancel(reason: string): void {
    const root = this.#root;
    const isSecond = root !== undefined && this.#run?.isAskedToStop(root) === true;
    this.#cancelReason = reason;
    if (this.#run === undefined || root === undefined) return;
    if (isSecond) {
      this.#options.onRemark?.(`${reason}: what has not stopped is abandoned`);
      this.#run.abandon();
      return;
    }
    this.#run.loop.scheduler.cancel(root.id, 'cancelled', reason);
    this.#run.loop.pump();
  }

  /** The same for one node and all beneath it; the rest goes on. Throws if it is not under way. */
  cancelPart(reason: string, task: number | string): void {
    const run = this.#run;
    if (run === undefined) throw nodeNotFound(task);
    const node = findOpenNode(run.loop.nodes, run.loop.scheduler, task);
    if (node === this.#root) this.cancel(reason);
    else if (run.isAskedToStop(node)) run.abandon(node);
    else {
      run.loop.scheduler.cancel(node.id, 'cancelled', reason);
      run.loop.pump();
    }
  }

  /** What is under way, a line each. */
  status(): readonly string[] {
    return this.#run?.status() ?? ['it is being started'];
  }

  /** Records a remark at the code of a scope of this run; at the flow, if there is none. */
  remark(scope: Scope | undefined, body: Readonly<Record<string, unknown>>): void {
    const { idx, attempt } = codePlaceOf(scope) ?? { idx: 0, attempt: 1 };
    this.#run?.record.entryAt(idx, attempt, { kind: 'note', body });
  }

  /** An error that nothing has caught, thrown by code of this scope. `isSaid`: the program itself hears of it. */
  strayed(scope: Scope | undefined, error: unknown, isSaid: boolean, isTakenLate: () => boolean): void {
    // A program that hears of such errors itself decides what they mean.
    if (!isSaid && this.#run?.failsBy(scope, error, isTakenLate) === true) return;
    const stray = { of: codePlaceOf(scope), where: 'the thread of the flow', error };
    if (this.#run === undefined) this.#early.push([stray, isSaid]);
    else this.#run.strays.add(stray, isSaid);
  }

  /** The engine itself has failed: the run cannot go on here. */
  failed(error: unknown): void {
    this.#givenUp.reject(error);
  }

  /** The process ends: commits what is recorded so far and gives up the lease, before this returns. */
  interrupt(): boolean {
    return this.#recorder?.closeNow() ?? true;
  }

  progress(): readonly StageProgress[] {
    return this.#run?.record.counters.stages() ?? [];
  }

  async #defaultStore(): Promise<JournalStore> {
    if (ambient.openStore === undefined) throw noStore();
    return ambient.openStore();
  }

  async #open(store: JournalStore): Promise<Journal> {
    const onEvent = (event: JournalEvent): void => this.#heard(event);
    const { resume } = this.#options;
    if (resume !== undefined) return store.resumeRun(resume.runId, { takeOver: resume.takeOver }, onEvent);
    await stageInput(this.#definition, this.#input);
    return store.createRun(this.#header(), onEvent);
  }

  #header(): RunHeader {
    const { name, module, options } = this.#definition;
    const { obstacle } = measure(this.#input);
    if (obstacle !== undefined) throw uninputable(name, obstacle);
    const now = Date.now();
    return {
      id: newRunId(now),
      flow: name,
      module,
      entry: name,
      version: options.version ?? '',
      tags: options.tags ?? [],
      input: inputText(this.#input),
      inputBytes: encodeValue(this.#input),
      originMs: now,
      provenance: JSON.stringify(provenance(process.cwd())),
    };
  }

  async #live(store: JournalStore, journal: Journal): Promise<RunOutcome> {
    const { snapshot } = journal;
    const definition = this.#definition;
    const originMs = snapshot?.header.originMs ?? this.#originMs;
    const rules = this.#options.resume?.rules;
    // A run that was killed before its first batch has a header and nothing else: it begins.
    const resume =
      snapshot === undefined || rules === undefined || snapshot.nodes.count === 0
        ? undefined
        : new ResumeIndex(snapshot, rules);
    const clock = { originMs, latestUs: resume?.latestUs ?? 0 };
    const recorder = new Recorder(journal, clock, {
      onPressure: (isHigh) => this.#hold.behind(isHigh),
      onError: (error) => this.#givenUp.reject(error),
    });
    this.#recorder = recorder;
    const files = new ResultFiles(store.dataFolder);
    if (rules === RESUME && snapshot !== undefined) {
      const before = await this.#endedBefore(snapshot.state, journal, files);
      if (before !== undefined) return before;
    }
    const modules = new ModuleNames(definition.module);
    const code = new ChangedCode({
      recorder,
      modules,
      snapshot: resume === undefined ? undefined : snapshot,
      fingerprint: (request) => store.fingerprint(request),
    });
    code.use(definition);
    // What is decided about recorded runs must not depend on who is faster.
    if (resume !== undefined) await code.lookAtAll();
    const run = openFlowRun({
      id: journal.runId,
      modules,
      code,
      journal,
      recorder,
      thread: { cells: liveRuns.thread.cells, run: liveRuns.thread.newRun() },
      files,
      ...memoryOf(definition),
      resume,
      validate: this.#options.validate ?? false,
      maxOutstandingCalls: this.#options.maxOutstandingCalls,
      debugValues: this.#options.debugValues ?? process.env['SIDEREAL_DEBUG_VALUES'] === '1',
      cancelGraceMs: this.#options.cancelGraceMs ?? CANCEL_GRACE_MS,
      say: this.#options.onRemark ?? sayOnStderr,
      onDefect: (error) => this.#givenUp.reject(error),
    });
    this.#run = run;
    this.#hold.open(run.loop);
    const input = snapshot === undefined ? this.#input : decodeValue(snapshot.header.inputBytes);
    const root = submitRoot(run, { definition, modules, resume, input });
    this.#root = root;
    for (const stray of this.#early.splice(0)) run.strays.add(...stray);
    if (this.#cancelReason !== undefined) this.cancel(this.#cancelReason);
    await Promise.race([ended(root), this.#givenUp.promise]);
    await Promise.race([code.settled(), this.#givenUp.promise]);
    await this.#holds.told(run);
    await Promise.race([recorder.flush(true), this.#givenUp.promise]);
    for (const [what, change] of code.found) {
      const done =
        rules?.rerunChanged === true ? 'ran again' : 'were reused (--rerun-changed runs them again)';
      this.#options.onRemark?.(`${change} since the recorded runs of ${what}, which ${done}`);
    }
    for (const copies of modules.copies) this.#options.onRemark?.(packageCopiesText(copies));
    return this.#end(run, root, journal);
  }

  /** The outcome of a run that is resumed although it had completed: nothing is left to do. */
  async #endedBefore(state: number, journal: Journal, files: ResultFiles): Promise<RunOutcome | undefined> {
    if (state === STATE_CODE.failed) {
      this.#options.onRemark?.(
        'the run had failed: its recorded failures stay; `sidereal retry` runs them again',
      );
    }
    if (!hasSucceeded(stateOf(state))) return undefined;
    const stored = await readStoredValue(journal, files, 0);
    if (stored === undefined) return undefined;
    this.#options.onRemark?.('the run had completed: nothing is left to do');
    await journal.close();
    return { runId: journal.runId, state: 'completed', value: stored.value };
  }

  readonly #originMs = Date.now();

  async #end(run: FlowRun, root: RunNode, journal: Journal): Promise<RunOutcome> {
    const state = stateOf(run.loop.scheduler.stateOf(root.id)) as EndedState;
    const { count } = run.strays;
    const common = { runId: journal.runId, state, ...(count === 0 ? {} : { strayErrors: count }) };
    const outcome: RunOutcome = hasSucceeded(state)
      ? { ...common, value: root.value }
      : { ...common, error: run.waiting.reasonOf(root) };
    await run.close();
    await journal.close();
    return outcome;
  }

  /** Nothing in the process is alive any more, and the run has not ended. */
  #processIdle(): boolean {
    const run = this.#run;
    const root = this.#root;
    if (run === undefined || root === undefined) this.#givenUp.reject(neverBegins(this.#definition));
    else if (!run.standstill.processIdle(root)) return false;
    return true;
  }

  #heard(event: JournalEvent): void {
    switch (event.type) {
      case 'command':
        this.#commanded(event.command);
        return;
      case 'full':
        this.#hold.full(event.message);
        return;
      case 'recovered':
        this.#hold.recovered();
        return;
      case 'fenced':
        this.#givenUp.reject(fenced(event.epoch));
        return;
      case 'held':
        this.#holds.heard(event, this.#run, this.#root);
        return;
      case 'failed':
        this.#givenUp.reject(event.error);
    }
  }

  #commanded({ by, task }: RunCommand): void {
    const what = task === undefined ? '' : `, of ${task.slice(0, 8)}`;
    this.#options.onRemark?.(`asked to stop by ${by}${what}`);
    if (task === undefined) {
      this.cancel(`by ${by}`);
      return;
    }
    try {
      this.cancelPart(`by ${by}`, task);
    } catch (error) {
      // It has ended meanwhile: who asked sees that in the record.
      this.#options.onRemark?.(errorLine(error));
    }
  }
}
