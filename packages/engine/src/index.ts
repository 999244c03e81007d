/** The engine: what authors write pipelines with, and what starts and continues runs. */
export { artifact } from './authoring/artifact.ts';
export type { Arg } from './authoring/args.ts';
export type { CallOptions, MapOptions, ReduceOptions, StageCallOptions } from './authoring/call-options.ts';
export { flow, type Flow } from './authoring/flow.ts';
export type { FlowDefinition, FlowOptions } from './definitions/flow-definition.ts';
export { future } from './authoring/flow-schema.ts';
export { type FlowSchema, type FutureField } from './definitions/flow-schema.ts';
export { group, loop, type Cycle, type LoopResult } from './authoring/loop.ts';
export { qa, type QaScore } from './authoring/qa.ts';
export { reduce } from './authoring/reduce.ts';
export { run, type Log } from './authoring/run.ts';
export { eachSettled, settled } from './authoring/settled.ts';
export { shared } from './data/shared-values.ts';
export { skip } from './authoring/skip.ts';
export { sleep } from './authoring/sleep.ts';
export type { StandardSchema } from './definitions/standard-schema.ts';
export { task, type Task } from './authoring/task.ts';
export type { Items } from './authoring/map-items.ts';
export type { RetryOptions, TaskDefinition, TaskOptions } from './definitions/task-definition.ts';
export type { MapFuture, Settled, TaskFuture } from './future/future.ts';
export { inline, threads } from './runners/built-in/built-in.ts';
export type { RunnerChoice } from './definitions/runner-choice.ts';
export { registerRunner, type RunnerKind } from './runners/runner-kinds.ts';
export type { OptionProblem } from './options/option-rule.ts';
export type {
  Job,
  JobOutcome,
  JobTiming,
  LateOutcome,
  Runner,
  RunnerFactory,
  RunnerHost,
} from './runners/runner.ts';
export { everyInput, ownInputs, plainInputs, readInputs, type JobInputs } from './handles/job-inputs.ts';
export { inMemory, readHandle, type ValueHandle } from './handles/value-handle.ts';
export type { ScopeInfo } from './context/operation.ts';
export { RESUME, type ReuseRules } from '@sidereal/core';
export type { StageProgress } from './run/record/run-counters.ts';
export { startRun } from './run/start-run.ts';
export type { CancelPart, RunHandle, RunOutcome } from './run/life/run-handle.ts';
export type { ProcessEvent, StopSignal } from './process/live-run.ts';
export { againOf } from './process/told-on-stderr.ts';
export type { RunOptions } from './run/life/run-options.ts';
export { ambient } from './context/ambient.ts';
export { decodeValue } from './results/value-codec.ts';
export { previewValue } from './results/preview.ts';
export { ResultFiles } from './results/result-files.ts';
export { userFrame } from './identity/stack-frame.ts';
export type { Duration, ByteSize, LogLevel, TriggerRule } from '@sidereal/core';
