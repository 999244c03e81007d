/** A process of the campaign, from its start to its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errandEnvironment, type Errand } from './ledger.ts';

const program = fileURLToPath(new URL('campaign-flow.ts', import.meta.url));

/** A process that has not ended by then hangs: what it does takes a second or two. */
const PATIENCE_MS = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly hangs: boolean;
}

export class CampaignProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #hasEnded = false;

  constructor(args: readonly string[], errand: Errand) {
    const child = spawn(process.execPath, ['--no-warnings', program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...errandEnvironment(errand) },
    });
    this.#child = child;
    let out = '';
    let err = '';
    let hangs = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const timer = setTimeout(() => {
      hangs = true;
      this.kill();
    }, PATIENCE_MS);
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        this.#hasEnded = true;
        clearTimeout(timer);
        resolve({ code, signal, out, err, hangs });
      });
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Also ends one that is stopped. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }

  killAfter(ms: number): void {
    const timer = setTimeout(() => this.kill(), ms);
    void this.ended.then(() => clearTimeout(timer));
  }

  /** Kills it in the midst of a write to a folder. */
  killAtWrite(folder: string, count: number): void {
    let left = count;
    const watcher = watch(folder, () => {
      left -= 1;
      if (left === 0) this.kill();
    });
    void this.ended.then(() => watcher.close());
  }
}
