/** One case of the campaign, from its plan: lives of processes until the run is whole, and what is wrong after each. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linesOf, readLedger } from './ledger.ts';
import { expectedOf, type CasePlan, type Life } from './plan.ts';
import { CampaignProcess, type Ended } from './process.ts';
import { Witness, type Reference } from './witness.ts';

export interface CaseReport {
  readonly kills: number;
  readonly lives: number;
  readonly takeOvers: number;
  /** Ends of tasks that kills have kept from the record. */
  readonly lost: number;
  /** Empty: all is well. */
  readonly problems: readonly string[];
}

/** A process that holds the run, and that the next is to take it from. */
interface Ghost {
  readonly life: number;
  readonly process: CampaignProcess;
}

interface Outcome {
  readonly state?: string;
  readonly value?: readonly (readonly (number | null)[])[];
  readonly code?: string;
}

const BY_ITSELF: Life = {
  verb: 'resume',
  isMended: true,
  failsBefore: undefined,
  ending: { how: 'by itself' },
};

export async function runCase(plan: CasePlan, root: string): Promise<CaseReport> {
  const one = new Case(plan, root, await undisturbed(plan, root));
  await one.run();
  return one;
}

/** Runs the same flow once without any harm. */
async function undisturbed(plan: CasePlan, root: string): Promise<Reference> {
  const one = new Case({ ...plan, lives: [] }, join(root, 'undisturbed'), undefined);
  const begun = performance.now();
  await one.live(BY_ITSELF);
  const durationMs = performance.now() - begun;
  one.expectWhole();
  if (one.problems.length > 0) throw new Error(`undisturbed: ${one.problems.join('\n')}`);
  const lines = readLedger(one.ledger);
  const ends = new Map(lines.filter(({ phase }) => phase === 'end').map((line) => [line.key, line]));
  return { ends, lines: lines.length, durationMs };
}

class Case implements CaseReport {
  readonly problems: string[] = [];
  readonly ledger: string;
  kills = 0;
  lives = 0;
  takeOvers = 0;
  readonly #plan: CasePlan;
  readonly #folder: string;
  readonly #reference: Reference | undefined;
  readonly #witness: Witness;
  #ghost: Ghost | undefined;
  #outcome: Outcome = {};

  constructor(plan: CasePlan, root: string, reference: Reference | undefined) {
    this.#plan = plan;
    this.#folder = join(root, 'store');
    this.ledger = join(root, 'ledger');
    mkdirSync(this.#folder, { recursive: true });
    this.#reference = reference;
    this.#witness = new Witness({ folder: this.#folder, ledger: this.ledger, reference });
  }

  get lost(): number {
    return this.#witness.lost;
  }

  /** Lives the planned lives, and then one or two without harm; stops where something is wrong. */
  async run(): Promise<void> {
    for (const life of this.#plan.lives) {
      await this.live(life);
      if (this.problems.length > 0) break;
    }
    if (this.problems.length === 0) await this.live(BY_ITSELF);
    if (this.problems.length === 0 && !this.#isWhole()) await this.live({ ...BY_ITSELF, verb: 'retry' });
    if (this.problems.length === 0) this.expectWhole();
    this.#ghost?.process.kill();
  }

  #isWhole(): boolean {
    return this.#outcome.state === 'completed' && !JSON.stringify(this.#outcome.value).includes('null');
  }

  expectWhole(): void {
    const [is, ought] = [JSON.stringify(this.#outcome), JSON.stringify(expectedOf(this.#plan))];
    if (is !== JSON.stringify({ state: 'completed', value: expectedOf(this.#plan) }))
      this.problems.push(`it has come to ${is}\n  instead of ${ought}`);
    const { nodes } = this.#witness.record();
    const open = nodes.filter(({ endedUs }) => endedUs === undefined);
    if (open.length > 0)
      this.problems.push(`open: ${open.map(({ name, state }) => `${name} ${state}`).join(', ')}`);
    const failed = nodes.filter(({ state }) => state !== 'completed' && state !== 'skipped');
    if (this.problems.length > 0)
      this.problems.push(
        ...failed.map(
          ({ name, state, reason, message }) => `${name} ${state} ${reason ?? ''}: ${message ?? ''}`,
        ),
      );
  }

  /** One process, from its start to its end, or until the next is to take over from it. */
  async live(life: Life): Promise<void> {
    const number = this.lives;
    this.lives += 1;
    const verb = this.#witness.hasRun ? life.verb : 'start';
    const ghost = this.#ghost;
    this.#ghost = undefined;
    const hadFailures = this.#witness.begins(number, verb);
    const { ending, isMended, failsBefore } = life;
    const linesNow = linesOf(this.ledger);
    const atLine = 'share' in ending ? linesNow + this.#linesAhead(ending.share, linesNow) : 0;
    const isKilledAtLine = ending.how === 'killed' && ending.at === 'line';
    const args = [
      this.#folder,
      JSON.stringify(this.#plan.waves),
      verb,
      ...(ghost === undefined ? [] : ['take-over']),
    ];
    const child = new CampaignProcess(args, {
      ledger: this.ledger,
      life: number,
      killAt: isKilledAtLine ? atLine : undefined,
      failsBefore,
      isMended,
    });
    if (ending.how === 'killed' && ending.at === 'time')
      child.killAfter(ending.share * (this.#reference?.durationMs ?? 0));
    if (ending.how === 'killed' && ending.at === 'write') child.killAtWrite(this.#folder, ending.count);
    const released = ghost === undefined ? undefined : this.#release(ghost, child, linesNow);
    if (ending.how === 'taken over' && (await this.#comesTo(child, atLine))) {
      if (ending.isStopped) child.stop();
      this.#ghost = { life: number, process: child };
      await released;
      return;
    }
    const ended = await child.ended;
    await released;
    this.#judge(number, life, ended, hadFailures && verb !== 'retry');
  }

  /** A holder that was stopped goes on once another has taken over, finds that out, and ends. */
  async #release({ life, process }: Ghost, next: CampaignProcess, linesThen: number): Promise<void> {
    this.takeOvers += 1;
    // It may have been stopped while it held the lock of the store: nobody goes on until it does.
    for (let turn = 0; turn < 30 && !next.hasEnded && linesOf(this.ledger) === linesThen; turn += 1)
      await sleep(50);
    process.goOn();
    await next.ended;
    const ended = await process.ended;
    this.#report(life, this.#witness.ended(life, true), ended);
    if (ended.hangs) this.#hangs(life, ended);
    // It may have come to its end before anybody took over.
    else if (ended.code !== 0 && !ended.err.includes('RUN_TAKEN_OVER'))
      this.#report(
        life,
        [`the holder that was taken over from ended with ${ended.code} ${ended.signal}`],
        ended,
      );
  }

  /** Waits until a process has come so far; false if it has ended before. */
  async #comesTo(child: CampaignProcess, line: number): Promise<boolean> {
    while (!child.hasEnded && linesOf(this.ledger) < line) await sleep(5);
    return !child.hasEnded;
  }

  #judge(number: number, life: Life, ended: Ended, hadFailures: boolean): void {
    const wasKilled = ended.signal === 'SIGKILL' && !ended.hangs;
    if (wasKilled) this.kills += 1;
    if (ended.hangs) this.#hangs(number, ended);
    this.#report(number, this.#witness.ended(number, wasKilled), ended);
    if (wasKilled || ended.hangs) return;
    if (ended.signal !== null || ended.out === '') {
      this.#report(number, [`it ended with ${ended.code} ${ended.signal}`], ended);
      return;
    }
    this.#outcome = JSON.parse(ended.out) as Outcome;
    const { state } = this.#outcome;
    const mayFail = life.failsBefore !== undefined || !life.isMended || hadFailures;
    if (state !== 'completed' && !(state === 'failed' && mayFail))
      this.#report(number, [`it has ${state}`], ended);
  }

  /** A few lines at the least, so that something happens in each life. */
  #linesAhead(share: number, now: number): number {
    const left = (this.#reference?.lines ?? 0) - 0.8 * now;
    return 1 + Math.floor(share * Math.max(6, left));
  }

  #hangs(life: number, { err }: Ended): void {
    const open = this.#witness.record().nodes.filter(({ endedUs }) => endedUs === undefined);
    const last = readLedger(this.ledger).slice(-8);
    this.problems.push(
      [
        `life ${life} hangs`,
        `open: ${open.map(({ name, state, reason }) => `${name} ${state} ${reason ?? ''}`).join(', ')}`,
        ...last.map((line) => JSON.stringify(line)),
        err.slice(-2000),
      ].join('\n  '),
    );
  }

  #report(life: number, problems: readonly string[], { err }: Ended): void {
    if (problems.length === 0) return;
    this.problems.push(...problems.map((problem) => `life ${life}: ${problem}`), err.slice(-600));
  }
}
