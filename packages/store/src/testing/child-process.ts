import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A script of `test-fixtures/` that runs as a process of its own and speaks in lines. */
export interface Child {
  readonly process: ChildProcess;
  /** Lines that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the next line for which this holds, also an earlier one; rejects if it ends before. */
  line(matches: (line: string) => boolean): Promise<string>;
  /** Its exit code or signal, once all its output was read. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** How to start: the command to put before `node`, such as `strace -o file`. */
export interface ChildOptions {
  readonly before?: readonly string[];
}

/** Starts `test-fixtures/<script>` under this Node.js. */
export function startChild(
  script: string,
  args: readonly string[],
  { before = [] }: ChildOptions = {},
): Child {
  const path = fileURLToPath(new URL(`../../test-fixtures/${script}`, import.meta.url));
  const [command = process.execPath, ...rest] = [...before, process.execPath, path, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  let isOver = false;
  let unfinished = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (unfinished + text).split('\n');
    unfinished = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      isOver = true;
      resolve(signal ?? code);
      wake();
    });
  });
  return {
    process: child,
    lines,
    ended,
    line: (matches) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find(matches);
          if (found === undefined && !isOver) return;
          waiting.delete(check);
          if (found !== undefined) resolve(found);
          else reject(new Error(`${script} ended after saying: ${lines.join(' | ')}`));
        };
        waiting.add(check);
        check();
      }),
  };
}
