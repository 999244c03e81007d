/** Programs with flows as real processes, started in either way: `node flow.ts` and `sidereal run flow.ts`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '@sidereal/core';
import { openStoreReader, type Liveness } from '@sidereal/store';

const command = join(import.meta.dirname, '../../../cli/src/main.ts');
const fixtures = join(import.meta.dirname, 'test-fixtures');
/** Longest that a program may take, ms: one that hangs fails its test instead of holding it up. */
const PATIENCE_MS = 60_000;

/** How a program is started. */
export const WAYS = ['node flow.ts', 'sidereal run flow.ts'] as const;
export type Way = (typeof WAYS)[number];

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly process: ChildProcess;
  readonly ended: Promise<ProgramEnd>;
  /** Resolves once it has written this to stdout or stderr. */
  says(text: string): Promise<void>;
}

export interface RecordedProgram {
  readonly state: State;
  readonly holder: Liveness['status'];
  readonly notes: readonly { readonly by: string; readonly code: string; readonly message: string }[];
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What it is started under, such as `unshare`. */
  readonly before?: readonly string[];
  /** Further arguments. */
  readonly more?: readonly string[];
}

/** A folder of its own, with a store, in which programs are run. Ends what it has started. */
export class Bench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'sidereal-process-'));
  readonly #started = new Set<ChildProcess>();

  start(way: Way, fixture: string, options: ProgramOptions = {}): Program {
    const file = join(fixtures, fixture);
    return this.#spawn(way === 'node flow.ts' ? [file] : [command, 'run', file], options);
  }

  /** The latest run, as it is recorded: its state, whether somebody holds it, and its remarks. */
  recorded(): RecordedProgram {
    using reader = openStoreReader(join(this.folder, '.sidereal'));
    const [run] = reader.listRuns({ limit: 1 });
    if (run === undefined) throw new Error('no run is recorded');
    const names = new Map(reader.nodes({ run: run.id, limit: 1000 }).map(({ idx, name }) => [idx, name]));
    const notes = reader.entries({ run: run.id, kinds: ['note'], limit: 1000 }).map(({ idx, body }) => {
      const { code, message } = JSON.parse(body) as Record<'code' | 'message', string>;
      return { by: names.get(idx) ?? '', code, message };
    });
    return { state: run.state, holder: run.liveness.status, notes };
  }

  /** `sidereal …` under way. */
  sidereal(args: readonly string[], options: ProgramOptions = {}): Program {
    return this.#spawn([command, ...args], options);
  }

  /** `sidereal …` to its end. */
  async command(...args: readonly string[]): Promise<ProgramEnd> {
    return this.#spawn([command, ...args], {}).ended;
  }

  [Symbol.dispose](): void {
    for (const child of this.#started) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(args: readonly string[], { env = {}, before = [], more = [] }: ProgramOptions): Program {
    const [program = '', ...rest] = [...before, process.execPath, ...args, ...more];
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], HOME: this.folder, LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#started.add(child);
    const said = { stdout: '', stderr: '' };
    const listeners = new Set<() => void>();
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
        for (const listener of listeners) listener();
      });
    }
    const watchdog = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const ended = new Promise<ProgramEnd>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        clearTimeout(watchdog);
        this.#started.delete(child);
        resolve({ exitCode, signal, ...said });
      });
    });
    const hasSaid = (text: string): boolean => said.stdout.includes(text) || said.stderr.includes(text);
    const says = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!hasSaid(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        child.once('close', () => {
          const all = `${said.stdout}${said.stderr}`;
          if (!hasSaid(text)) reject(new Error(`it ended without saying '${text}': ${all}`));
        });
      });
    return { process: child, ended, says };
  }
}
