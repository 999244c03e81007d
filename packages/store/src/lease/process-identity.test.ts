import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { parseStat, probeProcess, thisProcess } from './process-identity.ts';

const stat = (name: string, state: string): string =>
  `4242 (${name}) ${state} 1 4242 4242 0 -1 4194560 100 0 0 0 5 6 0 0 20 0 7 0 987654 1000 200 18446744073709551615`;

test('reads state and start time, whatever the name of the process holds', () => {
  expect(parseStat(stat('node', 'S'))).toEqual({ exists: true, start: '987654' });
  expect(parseStat(stat('a) R 1 (b c', 'R'))).toEqual({ exists: true, start: '987654' });
});

test('a process that has ended and waits to be collected does not exist', () => {
  expect(parseStat(stat('node', 'Z'))).toEqual({ exists: false });
  expect(parseStat(stat('node', 'X'))).toEqual({ exists: false });
});

test('this process exists and is found again', () => {
  const self = thisProcess();
  expect(self.pid).toBe(process.pid);
  expect(probeProcess(self.pid)).toEqual({ exists: true, start: self.start });
  expect(thisProcess()).toEqual(self);
});

test('a process that was killed does not exist', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const pid = child.pid ?? -1;
  expect(probeProcess(pid)).toMatchObject({ exists: true });
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(probeProcess(pid)).toEqual({ exists: false });
});
