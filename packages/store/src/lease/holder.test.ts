import { describe, expect, test } from 'vitest';
import { HEARTBEAT_TRUST_MS, judgeHolder, type Holder } from './holder.ts';
import type { ProcessProbe } from './process-identity.ts';

const NOW = 1_795_000_000_000;
const here = { machine: 'vm boot-1 pid:[1]' };
const holder: Holder = {
  host: 'vm',
  machine: here.machine,
  pid: 4242,
  start: '1000',
  heartbeatMs: NOW - 500,
};
const stale = { ...holder, heartbeatMs: NOW - HEARTBEAT_TRUST_MS };

function judge(who: Holder | undefined, probe: ProcessProbe): string {
  return judgeHolder(who, NOW, here, () => probe).status;
}

test('nobody holds it', () => {
  expect(judge(undefined, { exists: false })).toBe('free');
});

describe('on the same machine the process decides, not the heartbeat', () => {
  test.each<[string, Holder, ProcessProbe, string]>([
    ['it runs', holder, { exists: true, start: '1000' }, 'live'],
    ['it runs but was stopped for a long time', stale, { exists: true, start: '1000' }, 'live'],
    ['it is gone', holder, { exists: false }, 'dead'],
    ['its number is another process now', holder, { exists: true, start: '2000' }, 'dead'],
    [
      'start times are unknown, it was heard of',
      { ...holder, start: '' },
      { exists: true, start: '' },
      'live',
    ],
    ['start times are unknown, it is silent', { ...stale, start: '' }, { exists: true, start: '' }, 'dead'],
  ])('%s', (_what, who, probe, status) => {
    expect(judge(who, probe)).toBe(status);
  });
});

describe('elsewhere its heartbeat decides', () => {
  const elsewhere = { machine: 'other boot-9 pid:[1]' };
  test.each<[string, Holder, string]>([
    ['it was heard of', { ...holder, ...elsewhere }, 'live'],
    ['it is silent', { ...stale, ...elsewhere }, 'dead'],
    ['its clock is ahead', { ...holder, ...elsewhere, heartbeatMs: NOW + 60_000 }, 'live'],
    ['the machine was booted again', { ...stale, machine: 'vm boot-2 pid:[1]' }, 'dead'],
  ])('%s', (_what, who, status) => {
    expect(judge(who, { exists: true, start: '1000' })).toBe(status);
  });
});

test('says how long nothing was heard', () => {
  expect(judgeHolder(holder, NOW, here, () => ({ exists: false }))).toEqual({
    status: 'dead',
    holder,
    ageMs: 500,
  });
});
