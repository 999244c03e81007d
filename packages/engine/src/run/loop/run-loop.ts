/**
 * The loop of one flow run: the shell around core's scheduler. Whatever submits or ends something calls `pump`;
 * the loop then dispatches, and has the scheduler's instructions performed until there are none. It runs in a
 * microtask, and yields to timers and I/O every few milliseconds.
 */
import type { Instruction, Scheduler, StateCode, Submission } from '@sidereal/core';
import type { CodeScope } from '../nodes/code-scope.ts';
import type { RunNodes } from '../nodes/run-nodes.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { longTimer } from './long-timer.ts';

/** How long the loop may run before it lets timers and I/O have a turn, ms. */
const TURN_MS = 8;

/** The scheduler moves a node. */
export type StateChange = Extract<Instruction, { readonly op: 'transition' }>;

/** A queued node lacks something. */
export type Lack = Extract<Instruction, { readonly op: 'lacks' }>;

/** Who does what the scheduler asks for. */
export interface InstructionHandlers {
  /** Before each dispatch. */
  readonly beforeDispatch: () => void;
  readonly transition: (node: RunNode, transition: StateChange) => void;
  /** Nobody needs the node's value any more. */
  readonly drop: (node: RunNode) => void;
  /** The attempt of a task that waited goes on. */
  readonly goOn: (node: RunNode, from: StateCode, to: StateCode) => void;
  /** The node stays queued, for want of something. */
  readonly lacks: (node: RunNode, lack: Lack) => void;
  /** Memory is to be freed as far as possible. */
  readonly spill: () => void;
  readonly note: (node: RunNode, body: Readonly<Record<string, unknown>>) => void;
  /** There is nothing to do just now. */
  readonly idle: () => void;
}

export class RunLoop {
  readonly scheduler: Scheduler;
  readonly nodes: RunNodes;
  readonly #onDefect: (error: unknown) => void;
  #handlers: InstructionHandlers | undefined;
  /** What clears the timers of retries that are due. */
  readonly #timers = new Set<() => void>();
  /** How often it has run: stands still if nothing happens. */
  turns = 0;
  #isRunning = false;
  #isScheduled = false;
  #isClosed = false;
  #turnStart = performance.now();

  /** `onDefect`: performing has failed, which is the engine's own fault; the run cannot go on. */
  constructor(
    parts: Readonly<{ scheduler: Scheduler; nodes: RunNodes; onDefect: (error: unknown) => void }>,
  ) {
    this.scheduler = parts.scheduler;
    this.nodes = parts.nodes;
    this.#onDefect = parts.onDefect;
  }

  /** From now on instructions are performed. */
  open(handlers: InstructionHandlers): void {
    this.#handlers = handlers;
    this.pump();
  }

  close(): void {
    this.#isClosed = true;
    for (const clear of this.#timers) clear();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Is a retry due some time? */
  get hasTimers(): boolean {
    return this.#timers.size > 0;
  }

  /** A new node. */
  submit(node: RunNode, submission: Submission): void {
    this.nodes.add(node, this.scheduler.submit(submission));
    this.pump();
  }

  /** A node that has ended already. */
  adopt(node: RunNode, submission: Submission, state: StateCode, attempt: number): void {
    this.nodes.add(node, this.scheduler.adopt(submission, state, attempt));
    this.pump();
  }

  /** A node leaves memory. */
  forget(node: RunNode): void {
    const { id } = node;
    this.nodes.remove(node);
    this.scheduler.forget(id);
  }

  /** May code still submit something? */
  isOpen(scope: CodeScope): boolean {
    const { id } = scope.node;
    return !scope.isClosed && id >= 0 && !this.scheduler.hasEnded(id);
  }

  /** Schedules the loop; cheap to call again. */
  pump(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    if (performance.now() - this.#turnStart > TURN_MS) setImmediate(this.#turn);
    else queueMicrotask(this.#run);
  }

  /**
   * An attempt has ended: what comes of that is performed at once, and so is in the record before any other code
   * executes that may hold this thread. The rest is left to the loop.
   */
  settle(): void {
    const handlers = this.#handlers;
    if (!this.#isRunning && !this.#isClosed && handlers !== undefined) {
      this.#isRunning = true;
      try {
        for (const instruction of this.scheduler.take()) this.#perform(instruction, handlers);
      } catch (error) {
        this.#onDefect(error);
      } finally {
        this.#isRunning = false;
      }
    }
    this.pump();
  }

  readonly #turn = (): void => {
    this.#turnStart = performance.now();
    this.#run();
  };

  readonly #run = (): void => {
    this.#isScheduled = false;
    const handlers = this.#handlers;
    if (this.#isRunning || this.#isClosed || handlers === undefined) return;
    this.#isRunning = true;
    this.turns += 1;
    try {
      do {
        handlers.beforeDispatch();
        this.scheduler.dispatch();
        for (const instruction of this.scheduler.take()) this.#perform(instruction, handlers);
      } while (this.scheduler.hasInstructions && performance.now() - this.#turnStart <= TURN_MS);
    } catch (error) {
      this.#onDefect(error);
      return;
    } finally {
      this.#isRunning = false;
    }
    if (this.scheduler.hasInstructions) this.pump();
    else handlers.idle();
  };

  #perform(instruction: Instruction, handlers: InstructionHandlers): void {
    if (instruction.op === 'spill') {
      handlers.spill();
      this.scheduler.spillDone();
      this.pump();
      return;
    }
    const node = this.nodes.get(instruction.id);
    if (node === undefined) return;
    switch (instruction.op) {
      case 'transition':
        handlers.transition(node, instruction);
        return;
      case 'drop':
        handlers.drop(node);
        return;
      case 'continue':
        handlers.goOn(node, instruction.from, instruction.to);
        return;
      case 'wake':
        this.#wakeLater(node, instruction.delayMs);
        return;
      case 'lacks':
        handlers.lacks(node, instruction);
        return;
      case 'overshoot':
        handlers.note(node, {
          code: 'memory_overshoot',
          message: 'started beyond the memory budget, because nothing else could make progress',
          bytes: instruction.bytes,
        });
        return;
      case 'exceeded':
        handlers.note(node, {
          code: 'memory_exceeded',
          message:
            'its value takes what is alive far beyond the memory budget: it is larger than was expected',
          bytes: instruction.bytes,
        });
    }
  }

  #wakeLater(node: RunNode, delayMs: number): void {
    const { id } = node;
    const wake = (): void => {
      if (this.nodes.get(id) !== node) return;
      this.scheduler.woken(id);
      this.pump();
    };
    if (delayMs <= 0) {
      wake();
      return;
    }
    const clear = longTimer(delayMs, () => {
      this.#timers.delete(clear);
      wake();
    });
    this.#timers.add(clear);
  }
}
