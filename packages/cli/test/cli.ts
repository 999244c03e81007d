import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');
const flows = join(import.meta.dirname, '..', 'test-flows');

/** How a command ended. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Running {
  readonly process: ChildProcess;
  /** What has been written to stderr by now. */
  readonly stderr: () => string;
  readonly stdout: () => string;
  readonly ended: Promise<Outcome>;
}

/** Longest that a command may take, ms: one that hangs fails its test instead of holding it up. */
const PATIENCE_MS = 60_000;

/** Path of a flow that is there for tests. */
export function flow(name: string): string {
  return join(flows, name);
}

/** An empty folder in which commands are run, as a user does. Ends what it has started. */
export class Workplace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'sidereal-cli-'));
  readonly #started = new Set<ChildProcess>();

  /** Runs `sidereal` to its end. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.start(args, env).ended;
  }

  /** The one JSON document that a command writes to stdout. */
  async json(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const { stdout, stderr } = await this.run([...args, '--json'], env);
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`not one JSON document: ${stdout}\n${stderr}`);
    }
  }

  /** Starts `sidereal`. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], HOME: this.folder, LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#started.add(child);
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
    const watchdog = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const ended = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        clearTimeout(watchdog);
        this.#started.delete(child);
        resolve({ exitCode, signal, ...written });
      });
    });
    return { process: child, ended, stderr: () => written.stderr, stdout: () => written.stdout };
  }

  [Symbol.dispose](): void {
    for (const child of this.#started) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until something holds; fails after a minute. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it did not come about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
