import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNpyArray, npyHeader, parseNpy, type NpyArray } from './npy.ts';

function file(array: NpyArray): Buffer {
  return Buffer.concat([npyHeader(array), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)]);
}

const arrays = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);

describe('an .npy file', () => {
  it('gives the array that was written, as a copy of its own', () => {
    fc.assert(
      fc.property(arrays, fc.nat(2), (array, from) => {
        const part = array.subarray(Math.min(from, array.length));
        const bytes = file(part);
        const back = parseNpy(bytes);
        expect(back).toStrictEqual(part);
        expect(back.buffer).not.toBe(bytes.buffer);
        expect(back.byteLength).toBe(back.buffer.byteLength);
      }),
      { numRuns: 300 },
    );
  });

  it('has its bytes at a multiple of 64, as the format asks', () => {
    for (const length of [0, 1, 999, 1_000_000]) {
      expect(npyHeader(new Float32Array(length)).length % 64).toBe(0);
    }
  });

  it('can hold arrays of numbers, and nothing else', () => {
    expect(isNpyArray(new Float64Array(1))).toBe(true);
    expect(isNpyArray(new BigInt64Array(1))).toBe(true);
    expect([Buffer.from('x'), new DataView(new ArrayBuffer(1)), [1], 'x', null].some(isNpyArray)).toBe(false);
    expect(isNpyArray(new Uint8ClampedArray(1))).toBe(false);
  });

  it.each([
    ['is empty', () => new Uint8Array()],
    ['is something else', () => Buffer.from('not an array')],
    ['is cut short', () => file(new Float64Array([1, 2, 3])).subarray(0, -1)],
    ['has more than its header says', () => Buffer.concat([file(new Float64Array([1])), Buffer.of(0)])],
    [
      'has two dimensions',
      () =>
        Buffer.from(
          file(new Float64Array([1, 2]))
            .toString('latin1')
            .replace('(2,)', '(1,2)'),
          'latin1',
        ),
    ],
    [
      'has another version',
      () => {
        const bytes = file(new Float64Array([1]));
        bytes[6] = 2;
        return bytes;
      },
    ],
  ])('that %s is refused', (_, bytes) => {
    expect(() => parseNpy(bytes())).toThrow(expect.objectContaining({ code: 'VALUE_CORRUPT' }));
  });
});

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

describe.skipIf(!hasNumpy)('NumPy', () => {
  it('reads what is written here, and what it writes is read here', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidereal-npy-'));
    try {
      const written: NpyArray[] = [
        Float64Array.of(1.5, -0, Number.NaN, 1e300),
        Float32Array.of(1.5, -2),
        Int32Array.of(-(2 ** 31), 5),
        Uint32Array.of(2 ** 32 - 1),
        Int16Array.of(-5),
        Uint16Array.of(65_535),
        Int8Array.of(-128),
        Uint8Array.of(255),
        BigInt64Array.of(-(2n ** 63n)),
        BigUint64Array.of(2n ** 64n - 1n),
        new Float64Array(0),
      ];
      for (const [i, array] of written.entries()) writeFileSync(join(folder, `${i}.npy`), file(array));
      const script = `
import numpy, sys, json
out = []
for i in range(${written.length}):
    a = numpy.load(f'${folder}/{i}.npy')
    out.append([str(a.dtype), a.ndim, [repr(x.item()) for x in a]])
    numpy.save(f'${folder}/{i}.npy', a)
print(json.dumps(out))
`;
      const { stdout, stderr } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
      expect(stderr).toBe('');
      const seen = JSON.parse(stdout) as [string, number, string[]][];
      expect(seen.map(([type]) => type)).toEqual([
        'float64',
        'float32',
        'int32',
        'uint32',
        'int16',
        'uint16',
        'int8',
        'uint8',
        'int64',
        'uint64',
        'float64',
      ]);
      expect(seen[0]?.[2]).toEqual(['1.5', '-0.0', 'nan', '1e+300']);
      expect(seen[8]?.[2]).toEqual(['-9223372036854775808']);
      const cat = spawnSync(
        'cat',
        written.map((__, i) => join(folder, `${i}.npy`)),
      );
      let at = 0;
      for (const array of written) {
        const size = npyHeader(array).length + array.byteLength;
        expect(parseNpy(cat.stdout.subarray(at, at + size))).toStrictEqual(array);
        at += size;
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
