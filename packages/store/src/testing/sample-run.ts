import type { RunHeader } from '@sidereal/core';

/** A run's header with nothing remarkable in it. */
export function sampleHeader(id: string, overrides: Partial<RunHeader> = {}): RunHeader {
  return {
    id,
    flow: 'image-cube',
    module: 'image-cube.ts',
    entry: 'imageCube',
    version: '1',
    tags: ['test'],
    input: '{"target":"J1851+0035"}',
    inputBytes: new Uint8Array([1, 2, 3]),
    originMs: 1_795_000_000_000,
    provenance: '{}',
    ...overrides,
  };
}
