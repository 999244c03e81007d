import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./flows.ts', import.meta.url));

/** A flow in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** JSON lines that it has printed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly stderr: () => string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Resolves once `condition` holds; rejects if the process ends first. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Its last line: the outcome. */
  outcome(): Promise<Readonly<Record<string, unknown>>>;
}

export function child(args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const started = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let out = '';
  let err = '';
  let hasEnded = false;
  started.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  started.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<void>((resolve) => {
    started.on('close', () => {
      hasEnded = true;
      resolve();
    });
  });
  const lines = (): Record<string, unknown>[] =>
    out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    process: started,
    get lines() {
      return lines();
    },
    stderr: () => err,
    ended,
    async until(what, condition) {
      while (!(await condition())) {
        if (hasEnded) throw new Error(`the process ended before ${what}: ${out}${err}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async outcome() {
      await ended;
      const last = lines().at(-1);
      if (last === undefined) throw new Error(`no outcome: ${err}`);
      return last;
    },
  };
}

/** Executions logged so far: what ran, by task key. */
export function executions(log: string): readonly { readonly key: string; readonly what: string }[] {
  if (!existsSync(log)) return [];
  const text = readFileSync(log, 'utf8').trim();
  return text === ''
    ? []
    : text.split('\n').map((line) => ({ key: line.slice(0, 32), what: line.slice(33) }));
}
