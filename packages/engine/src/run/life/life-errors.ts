import { SiderealError } from '@sidereal/core';

export function noStore(): SiderealError {
  return new SiderealError('NO_STORE', 'there is no store to record the run in', {
    remedy: "Import from 'sidereal', which brings one, or pass one: startRun(flow, input, { store }).",
  });
}

export function fenced(epoch: number): SiderealError {
  return new SiderealError(
    'RUN_TAKEN_OVER',
    `another process has taken this run over (lease epoch ${epoch})`,
    {
      remedy: 'Leave it to that process: whatever this one still does is not recorded.',
    },
  );
}

export function journalFull(message: string): SiderealError {
  return new SiderealError(
    'JOURNAL_FULL',
    `the run was given up because its journal cannot be written: ${message}`,
    {
      remedy: 'Make room on the disk, then `sidereal resume`: nothing that was recorded is repeated.',
    },
  );
}

export function uninputable(flow: string, obstacle: string): SiderealError {
  return new SiderealError(
    'INVALID_INPUT',
    `the input of flow '${flow}' contains ${obstacle}, which cannot be recorded`,
    {
      remedy: 'Give plain data: numbers, strings, arrays, plain objects, typed arrays, Map, Set, Date.',
    },
  );
}
