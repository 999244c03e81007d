import { AsyncLocalStorage } from 'node:async_hooks';
import { task } from '../../src/index.ts';

/** What a caller says of itself, in its async context. */
export const request = new AsyncLocalStorage<string>();

const tellInline = task(
  { name: 'tell-inline', on: 'inline' },
  (_call: number) => request.getStore() ?? 'none',
);

/** A task on a thread that calls one on the flow's own. */
export const callInline = task(
  { name: 'call-inline', on: 'threads' },
  async (call: number): Promise<string> => {
    return tellInline(call);
  },
);
