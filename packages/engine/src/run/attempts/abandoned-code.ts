import { epochMs } from '../../runners/clock.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RunRecord } from '../record/run-record.ts';

/** Runs that are named when several are given up at once. */
const NAMED = 5;

/** Says which code was given up though it still computes: at each run in the record, and to people all at once. */
export class AbandonedCode {
  readonly #record: RunRecord;
  readonly #say: (message: string) => void;
  #names: string[] = [];

  constructor(parts: Readonly<{ record: RunRecord; say: (message: string) => void }>) {
    this.#record = parts.record;
    this.#say = parts.say;
  }

  /** `beganMs`: when its code began, if it has. */
  add(node: RunNode, beganMs: number | undefined): void {
    const ran = beganMs === undefined ? '' : ` for ${seconds(epochMs() - beganMs)}`;
    this.#record.note(node, {
      code: 'abandoned',
      message: `asked to stop, its code has not, and has run${ran}: what it still does is ignored`,
    });
    const at = node.work.type === 'container' ? '' : `, ${node.work.definition.at}`;
    this.#names.push(`${node.name} (running${ran}${at})`);
    if (this.#names.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const names = this.#names;
    this.#names = [];
    const named = names.slice(0, NAMED).join(', ');
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    this.#say(`asked to stop, and abandoned because it has not: ${named}${more}`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
