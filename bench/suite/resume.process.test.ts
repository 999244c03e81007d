import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const out = mkdtempSync(join(tmpdir(), 'sidereal-suite-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const TIMES = 6;
const MAIN = join(import.meta.dirname, '..', 'main.ts');
const ARGS = [
  ...'--quick --n 64 --only'.split(' '),
  'U(0.001,0.01) 0.1 MiB',
  '--times',
  String(TIMES),
  '--out',
  out,
];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the suite prints when a measurement was made and recorded. */
const MEASURED = /^\[(\d+)\/\d+\]/gm;

/** Runs the suite; sends it a signal, if there is one, once it has made a measurement. */
async function runSuite({
  args = ARGS,
  signal,
}: Readonly<{ args?: readonly string[]; signal?: 'SIGKILL' | 'SIGINT' }>): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (signal !== undefined && !child.killed && stderr.match(MEASURED) !== null) child.kill(signal);
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** Numbers of the measurements that were made, not taken from the record. */
const measuredNow = ({ stderr }: Ended): number[] => [...stderr.matchAll(MEASURED)].map(([, n]) => Number(n));
const keptBefore = ({ stderr }: Ended): number =>
  Number(/^(\d+) measurements? (?:is|are) recorded already and kept$/m.exec(stderr)?.[1]);
const countTo = (last: number, from = 1): number[] =>
  Array.from({ length: last - from + 1 }, (_, i) => from + i);
const csv = (): string[] => readFileSync(join(out, 'results.csv'), 'utf8').trimEnd().split('\n');

describe.skipIf(process.platform === 'win32')('an interrupted suite', () => {
  it('goes on after its last recorded measurement: killed, stopped by hand, then run to its end', async () => {
    const killed = await runSuite({ signal: 'SIGKILL' });
    expect(killed.code).toBeNull();
    const told = measuredNow(killed);
    expect(told).toEqual(countTo(told.length));

    // What was told is recorded; the kill may have come between a record and its telling.
    const stopped = await runSuite({ signal: 'SIGINT' });
    expect(stopped.code).toBe(3);
    const kept = keptBefore(stopped);
    expect(kept - told.length).toBeOneOf([0, 1]);
    const then = measuredNow(stopped);
    expect(then).toEqual(countTo(kept + then.length, kept + 1));
    const first = csv().slice(1);
    expect(first).toHaveLength(kept + then.length);

    const ended = await runSuite({});
    expect(keptBefore(ended)).toBe(first.length);
    expect(measuredNow(ended)).toEqual(countTo(TIMES, first.length + 1));
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('Sidereal, threads');

    const all = csv().slice(1);
    expect(all).toHaveLength(TIMES);
    expect(all.slice(0, first.length)).toEqual(first);
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).toContain('sleeping leaves');
    expect(html).not.toContain('interrupted');

    // Over: told again, with nothing measured anew; asked for something else too.
    const again = await runSuite({ args: ['--quick', '--only', 'chain', '--out', out, '--resume'] });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('is over');
    expect(measuredNow(again)).toEqual([]);
    expect(again.stdout).toBe(ended.stdout);
    expect(csv().slice(1)).toEqual(all);
  });
});
