import { SiderealError } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';

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

/** What has to happen before a run exists never will: its input is checked by code of the author's. */
export function neverBegins({ name, at }: FlowDefinition): SiderealError<'DEADLOCK'> {
  return new SiderealError(
    'DEADLOCK',
    `flow '${name}' waits for the check of its input, which can never come: nothing else in the process is alive`,
    { at, remedy: 'Look at what the schema of its input awaits: a promise that nothing settles.' },
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
