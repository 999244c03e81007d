import { decideContents, makingEntry, STATE_CODE, stateOf, type Making } from '@sidereal/core';
import { findFutures } from '../../data/futures-in-values.ts';
import { textDigest } from '../../data/digest.ts';
import { asError } from '../../errors/journal-error.ts';
import type { Captures } from '../calls/captures.ts';
import type { Intake } from '../calls/given.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { madeWithin, type Completions } from '../nodes/completion.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { makingKey, type RunRecord } from '../record/run-record.ts';
import type { ResumeIndex } from '../record/resume-index.ts';

export interface ContentsParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly resume: ResumeIndex | undefined;
  readonly completions: Completions;
  readonly captures: Captures;
  readonly intake: Intake;
}

/**
 * What the containers of a run are made of, or what their code gave: now, and in earlier attempts in this process or
 * in the record. One that is what it was, with nothing in it that ran again, gives what it gave.
 */
export class Contents {
  readonly #parts: ContentsParts;
  /** By journal number. `madeUs` counts as numbers of this process do. */
  readonly #known = new Map<number, Making>();

  constructor(parts: ContentsParts) {
    this.#parts = parts;
  }

  /**
   * A container has ended. `text` tells what it is made of from all else; undefined: that cannot be told, so it counts
   * as new. Its children have made it anew already, if they ran again.
   */
  ended(node: RunNode, text: string | undefined): void {
    const { loop, record, resume, completions, captures } = this.#parts;
    const known = this.#known.get(node.idx) ?? resume?.makingOf(node.idx);
    if (known !== undefined && isCutOff(loop, node)) {
      node.madeAnew(known.madeUs);
      captures.made(node, known.madeUs);
      return;
    }
    const contents = text === undefined ? '' : textDigest(`${text}\n${endText(loop, node)}`);
    const isFirst = known?.contents === undefined && resume?.hadEnded(node.idx) !== true;
    const areSame = isFirst || (contents !== '' && contents === known?.contents);
    if (known !== undefined) node.madeAnew(known.madeUs);
    const isKept = decideContents({ areSame, madeSince: undefined }).decision === 'keep';
    if (!isKept) node.madeAnew(completions.next());
    if (contents !== known?.contents || !isKept) {
      const madeUs = isKept ? 0 : record.timeOfMaking();
      record.note(node, makingEntry({ madeUs, contents }), makingKey(node));
    }
    this.#known.set(node.idx, { madeUs: node.remade, contents });
    captures.made(node, node.remade);
    madeWithin(node.parent, node.remade);
  }

  /**
   * What tells a value from others that the code of a group or loop might give; undefined if that cannot be told, as
   * of one that holds a future.
   */
  textOf(value: unknown): string | undefined {
    if (findFutures(value).some((future) => future instanceof RunFuture)) return undefined;
    const { text, isComplete } = this.#parts.intake.textOfValue(value);
    return isComplete ? text : undefined;
  }
}

/** How it ended, where that is not well: what `settled` tells of it. */
function endText({ scheduler }: RunLoop, node: RunNode): string {
  if (scheduler.hasSucceeded(node.id)) return '';
  const state = stateOf(scheduler.stateOf(node.id));
  if (node.error === undefined) return state;
  const { name, message } = asError(node.error);
  return `${state}\n${name}\n${message}`;
}

/**
 * Was it cancelled because the code that opened it has ended? Nothing looks at it then: it is what it was, and what
 * consumed it before is no more stale than if it had not been opened.
 */
function isCutOff({ scheduler }: RunLoop, { id, parent }: RunNode): boolean {
  if (scheduler.stateOf(id) !== STATE_CODE.cancelled) return false;
  let caller = parent;
  while (caller?.work.type === 'container') caller = caller.parent;
  return caller !== undefined && scheduler.hasEnded(caller.id);
}
