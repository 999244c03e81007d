import { describe, expect, it } from 'vitest';
import { threadEnvironment } from './thread-environment.ts';

describe('the environment of a thread', () => {
  it('is that of the process and a folder for the compile cache', () => {
    expect(threadEnvironment({ HOME: '/root' }, '/tmp')).toEqual({
      variables: { HOME: '/root', NODE_COMPILE_CACHE: '/tmp/node-compile-cache' },
      added: 'NODE_COMPILE_CACHE',
    });
  });

  it('keeps the folder that the user has chosen', () => {
    const environment = { NODE_COMPILE_CACHE: '/scratch/cache' };
    expect(threadEnvironment(environment, '/tmp')).toEqual({ variables: environment, added: undefined });
  });
});
