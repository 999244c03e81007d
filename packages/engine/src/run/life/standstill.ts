import { STATE_CODE, type Scheduler } from '@sidereal/core';
import type { AttemptTable } from '../attempts/attempt-table.ts';
import type { Outcomes } from '../attempts/outcomes.ts';
import { codeRings } from '../futures/code-rings.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { Pacing } from '../groups/pacing.ts';
import type { Deadlines } from '../loop/deadlines.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { SETTLED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RunRecord } from '../record/run-record.ts';
import { ringError, ringText, stuckError } from './standstill-errors.ts';

/** How often the run is looked at, ms, and how often a ring must be seen, or nothing move, before anything is said. */
const LOOK_MS = 500;
const LOOKS = 5;
/** Looking takes no more than this part of the time. */
const SHARE = 0.01;

export interface StandstillParts {
  readonly loop: RunLoop;
  readonly waiting: Waiting;
  readonly pacing: Pacing;
  readonly attempts: AttemptTable;
  readonly outcomes: Outcomes;
  readonly deadlines: Deadlines<RunNode>;
  readonly record: RunRecord;
  /** Ends what was asked to stop and has not stopped. */
  readonly abandon: () => void;
  /** Tells people. */
  readonly say: (message: string) => void;
}

/**
 * What becomes of a run that does not move.
 *
 * While the process is alive, something outside may still end any wait: a ring is said once it has lasted two seconds,
 * and windows that hold back stages open a little when nothing at all has moved for so long, in case those that have
 * begun wait for those that have not.
 *
 * Once nothing in the process is alive but the run, nothing can come from outside any more. Then windows open, what was
 * asked to stop is abandoned, and if there is neither, the run fails with `DEADLOCK`, which names who waits.
 */
export class Standstill {
  readonly #parts: StandstillParts;
  readonly #timer: NodeJS.Timeout;
  /** Rings seen, by their nodes: how many looks in a row. */
  #seen = new Map<string, number>();
  #stillLooks = 0;
  #turns = -1;
  #nextLook = 0;
  readonly #said = new Set<string>();

  constructor(parts: StandstillParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Nothing in the process is alive but the run, whose own node this is. False if nothing can be done about it. */
  processIdle(root: RunNode): boolean {
    const { loop, pacing, deadlines, abandon } = this.#parts;
    if (loop.isClosed || root.has(SETTLED)) return false;
    if (pacing.open()) return true;
    if (this.#isStopping()) {
      abandon();
      return true;
    }
    return deadlines.holdProcess(root) || this.#fail(root);
  }

  #look(): void {
    const now = performance.now();
    if (now < this.#nextLook) return;
    this.#lookAtRings();
    this.#lookAtWindows();
    this.#nextLook = now + (performance.now() - now) / SHARE;
  }

  #lookAtRings(): void {
    const seen = new Map<string, number>();
    for (const ring of this.#rings()) {
      const name = ring.map(({ key }) => key).join(' ');
      const looks = (this.#seen.get(name) ?? 0) + 1;
      seen.set(name, looks);
      if (looks >= LOOKS) this.#say(name, ring);
    }
    this.#seen = seen;
  }

  #say(name: string, ring: readonly RunNode[]): void {
    if (this.#said.has(name)) return;
    this.#said.add(name);
    const message = ringText(ring);
    this.#parts.say(message);
    for (const node of ring) this.#parts.record.note(node, { code: 'deadlock', message });
  }

  #lookAtWindows(): void {
    const { loop, pacing, say } = this.#parts;
    this.#stillLooks = loop.turns === this.#turns ? this.#stillLooks + 1 : 1;
    this.#turns = loop.turns;
    if (this.#stillLooks < LOOKS) return;
    for (const name of pacing.openALittle()) {
      if (this.#said.has(name)) continue;
      this.#said.add(name);
      say(`${name}: all that has begun waits; more is begun, in case that is what it waits for`);
    }
  }

  #rings(): readonly (readonly RunNode[])[] {
    const { loop, waiting } = this.#parts;
    return codeRings(loop, waiting.awaits);
  }

  #isStopping(): boolean {
    const { scheduler, nodes } = this.#parts.loop;
    for (const node of nodes) if (scheduler.stateOf(node.id) === STATE_CODE.cancelling) return true;
    return false;
  }

  #fail(root: RunNode): boolean {
    const { loop, outcomes, record } = this.#parts;
    const { scheduler } = loop;
    const [ring] = this.#rings();
    const stuck = ring ?? this.#outside();
    const error = ring === undefined ? stuckError(root, stuck, queued(scheduler)) : ringError(ring);
    const { message } = error;
    for (const node of stuck) {
      record.note(node, { code: 'deadlock', message });
      if (node !== root) scheduler.cancel(node.id, 'deadlock', message);
    }
    outcomes.giveUp(root, error, 'deadlock');
    return true;
  }

  /** Tasks, stages and flows whose code waits for something that is not the engine's. */
  #outside(): RunNode[] {
    const { loop, attempts } = this.#parts;
    const { scheduler } = loop;
    return [...loop.nodes].filter((node) => {
      if (node.work.type === 'container' || attempts.get(node) === undefined) return false;
      return scheduler.nodes.isOpen(node.id) && scheduler.awaitedBy(node.id) === 0;
    });
  }
}

/** How many runs wait for a slot, a resource or memory. */
function queued({ queues }: Scheduler): number {
  return queues.reduce((sum, { ready, light, heavy }) => sum + ready.size + light.size + heavy.size, 0);
}
