import { describe, expect, it } from 'vitest';
import { threadEnvironment } from './thread-environment.ts';

describe('the environment of a thread', () => {
  it.each([
    [{ HOME: '/home/a' }, '/home/a/.cache'],
    [{ HOME: '/home/a', XDG_CACHE_HOME: '/scratch/a' }, '/scratch/a'],
    [{ HOME: '/home/a', XDG_CACHE_HOME: '' }, '/home/a/.cache'],
    [{ USERPROFILE: String.raw`C:\Users\a` }, String.raw`C:\Users\a/.cache`],
  ])(
    'is that of the process, %o, with a compile cache among the caches of its user',
    (environment, caches) => {
      expect(threadEnvironment(environment)).toEqual({
        variables: { ...environment, NODE_COMPILE_CACHE: `${caches}/sidereal/node-compile-cache` },
        added: 'NODE_COMPILE_CACHE',
      });
    },
  );

  it.each([{}, { HOME: '' }, { HOME: '/home/a', NODE_COMPILE_CACHE: '/scratch/cache' }])(
    'is left as it is if there is no such folder, or the user has chosen: %o',
    (environment) => {
      expect(threadEnvironment(environment)).toEqual({ variables: environment, added: undefined });
    },
  );
});
