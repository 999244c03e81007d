import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parseStat, type ProcessStat } from './proc.ts';
import { processTree, serviceProcesses } from './process-tree.ts';
import { meterUsage, takeBaseline } from './usage.ts';

function process_(pid: number, parent: number, session: number, name = 'node'): ProcessStat {
  return { pid, parent, session, name, ticks: 0, childTicks: 0, startedAt: 0 };
}

describe('a line of /proc/PID/stat', () => {
  it('is read, whatever the name of the process is', () => {
    const line =
      '4242 (a (b) c) S 17 4242 4240 0 -1 4194560 1 2 3 4 150 25 7 8 20 0 11 0 987654 1000 200 18446744073709551615';
    expect(parseStat(line)).toEqual({
      pid: 4242,
      name: 'a (b) c',
      parent: 17,
      session: 4240,
      ticks: 175,
      childTicks: 15,
      startedAt: 987_654,
    });
  });
});

describe('the processes of a case', () => {
  const all = [
    process_(1, 0, 1, 'init'),
    process_(10, 1, 10),
    process_(11, 10, 10),
    process_(12, 11, 12),
    process_(13, 1, 10),
    process_(20, 1, 20, 'postgres'),
    process_(21, 20, 20, 'postgres'),
    process_(14, 11, 10, 'postgres'),
  ];

  it('are its descendants and what is left in its session', () => {
    const pids = processTree(10, all).map(({ pid }) => pid);
    expect(pids.toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13, 14]);
  });

  it('are not the services that were there before', () => {
    const tree = processTree(10, all);
    expect(serviceProcesses(['postgres'], all, tree).map(({ pid }) => pid)).toEqual([20, 21]);
  });
});

describe.skipIf(process.platform !== 'linux')('a meter', () => {
  it('sees the CPU time and the memory of a process and of its child', async () => {
    const busy = `const end = Date.now() + 1500; const held = Buffer.alloc(64 * 2 ** 20, 1); while (Date.now() < end); held.at(0);`;
    const parent = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}])`;
    const baseline = takeBaseline([]);
    const child = spawn(process.execPath, ['-e', parent], { detached: true });
    const meter = meterUsage(child.pid ?? 0, [], baseline!);
    await once(child, 'close');
    const { cpuSeconds, peakBytes } = meter.stop();
    expect(cpuSeconds).toBeGreaterThan(0.1);
    expect(peakBytes).toBeGreaterThan(64 * 2 ** 20);
  });
});
