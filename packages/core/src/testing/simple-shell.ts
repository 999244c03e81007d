import type { AttemptOutcome, Instruction, Submission } from '../scheduler/instructions.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { FIRST_ENDED, STATE_CODE } from '../states/state.ts';

/** A submission of a test: what is left out is as plain as can be. */
export type SimpleSubmission = Partial<Submission>;

/**
 * A shell for examples: it keeps who runs, in the order of their starts, and lets a test end them one by one.
 * The flow itself is node 0; pool 0 has the slots that the test gives.
 */
export class SimpleShell {
  readonly scheduler: Scheduler;
  readonly root: number;
  /** Tasks in the order of their starts. */
  readonly started: number[] = [];
  /** Tasks whose code runs, in the order of their starts or of going on. */
  readonly running: number[] = [];
  /** Everything that the scheduler has said. */
  readonly said: Instruction[] = [];

  constructor(
    options: Readonly<{
      slots: number;
      budget?: number;
      unknownBytes?: number;
      validate?: boolean;
      mayGoAhead?: (id: number) => boolean;
    }>,
  ) {
    const { slots, budget = Number.POSITIVE_INFINITY, unknownBytes = 0 } = options;
    const { validate = true, mayGoAhead = () => true } = options;
    this.scheduler = new Scheduler({ memoryBudget: budget, unknownBytes, validate, mayGoAhead });
    this.scheduler.addPool(slots);
    this.root = this.container({ parent: -1 });
    this.absorb();
  }

  task(submission: SimpleSubmission = {}): number {
    return this.scheduler.submit({ ...PLAIN, ...submission });
  }

  container(submission: SimpleSubmission = {}): number {
    return this.scheduler.submit({ ...PLAIN, pool: -1, ...submission });
  }

  /** Starts what may start; returns what has started or goes on. */
  dispatch(): number[] {
    this.scheduler.dispatch();
    return this.absorb();
  }

  end(id: number, outcome: AttemptOutcome = DONE): number[] {
    this.running.splice(this.running.indexOf(id), 1);
    this.scheduler.attemptEnded(id, outcome);
    return this.dispatch();
  }

  /** Ends what runs, the first first, until nothing does; spills nothing when asked to. */
  runDry(outcomeOf: (id: number) => AttemptOutcome = () => DONE): void {
    this.dispatch();
    for (let id = this.running[0]; id !== undefined; id = this.running[0]) this.end(id, outcomeOf(id));
  }

  stateOf(id: number): number {
    return this.scheduler.stateOf(id);
  }

  absorb(): number[] {
    const begun: number[] = [];
    for (const instruction of this.scheduler.take()) {
      this.said.push(instruction);
      if (instruction.op === 'continue') begun.push(instruction.id);
      if (instruction.op === 'transition') this.#follow(instruction, begun);
      if (instruction.op === 'spill') this.scheduler.spillDone();
    }
    this.running.push(...begun);
    if (this.said.at(-1)?.op === 'spill') return [...begun, ...this.dispatch()];
    return begun;
  }

  #follow({ id, to }: Instruction & { op: 'transition' }, begun: number[]): void {
    const isTask = (this.scheduler.nodes.pool[id] ?? -1) >= 0;
    if (isTask && (to === STATE_CODE.running || to === STATE_CODE.retrying)) {
      begun.push(id);
      this.started.push(id);
    } else if (to >= FIRST_ENDED && this.running.includes(id)) {
      this.running.splice(this.running.indexOf(id), 1);
    }
  }
}

const DONE: AttemptOutcome = { type: 'completed', bytes: 0 };

const PLAIN: Submission = {
  parent: 0,
  pool: 0,
  rule: 0,
  priority: 0,
  depth: 1,
  nameId: 0,
  declaredBytes: -1,
  consumes: [],
  after: [],
  handled: false,
};
