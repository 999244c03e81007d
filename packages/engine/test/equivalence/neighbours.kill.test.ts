/**
 * Kills a process in the midst of many programs, and goes on with each of them in this one: what they give is
 * what they give undisturbed. `SIDEREAL_KILLS` sets how many processes are killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { inline, RESUME, threads } from '../../src/index.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { execute, expectOutcome, placed } from './execute.ts';
import { programs } from './programs.ts';
import { hold, stopping } from './test-fixtures/neighbours.ts';

const runs = testStore();
const script = fileURLToPath(new URL('test-fixtures/held-programs.ts', import.meta.url));
const KILLS = Math.ceil(Number(process.env['SIDEREAL_KILLS'] ?? 20) / 10);
/** After the last program has begun; each process lives for longer than the one before. */
const STEP_MS = 40;

/** Each program starts threads of its own: on threads a few of those that call from there do. */
const names = {
  inline: Object.keys(programs).filter((name) => mayBeKilled(name)),
  threads: Object.keys(programs).filter(
    (name) => mayBeKilled(name) && /^a task that (calls|returns|settles)|factory/.test(name),
  ),
} as const;

beforeEach(() => {
  hold.how = 'opens';
});

function mayBeKilled(name: string): boolean {
  const { isRunOnce, isTopLevel, isStrict, tellsAttempts } = programs[name]!;
  return isRunOnce !== true && isTopLevel !== true && isStrict !== true && tellsAttempts !== true;
}

/** Runs programs in a process of their own and kills it; their runs by name. */
async function killed(on: 'inline' | 'threads', afterMs: number): Promise<ReadonlyMap<string, string>> {
  const args = ['--no-warnings', script, runs.folder, on, ...names[on]];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const begun: [string, string][] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'all') {
      await sleep(afterMs);
      child.kill('SIGKILL');
      break;
    }
    begun.push(JSON.parse(line) as [string, string]);
  }
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  expect(begun.map(([name]) => name)).toEqual(names[on]);
  return new Map(begun);
}

describe.each([
  { on: 'inline', runner: inline() },
  { on: 'threads', runner: threads(2) },
] as const)('programs whose process is killed, $on', ({ on, runner }) => {
  it.each(Array.from({ length: KILLS }, (_, kill) => kill))(
    'give what they give undisturbed (%d)',
    async (kill) => {
      const wrong: unknown[] = [];
      for (const [name, runId] of await killed(on, kill * STEP_MS)) {
        const resume = { runId, rules: RESUME, takeOver: false };
        try {
          expectOutcome(
            programs[name]!,
            await execute(runs, placed(stopping, runner), undefined, { resume }),
          );
        } catch (mismatch) {
          wrong.push([name, mismatch]);
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});
