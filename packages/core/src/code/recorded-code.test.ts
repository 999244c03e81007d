import { describe, expect, it } from 'vitest';
import { codeChange, codeEntry, readCodeEntry, type RecordedCode } from './recorded-code.ts';

function code(digest: string, sinceUs: number): RecordedCode {
  return {
    module: 'cube/clean.ts',
    digest,
    sinceUs,
    files: [
      { path: './my clean.ts', digest },
      { path: './gone.ts', digest: '' },
    ],
    packages: ['zod@4.1.0'],
  };
}

describe('code in the record', () => {
  it('is read as it was written', () => {
    expect(readCodeEntry(JSON.stringify(codeEntry(code('a', 5))))).toEqual(code('a', 5));
  });

  it.each(['null', '[]', '{"module":"a","digest":"b","sinceUs":1,"files":[1],"packages":[]}'])(
    'of another shape is nothing: %s',
    (body) => {
      expect(readCodeEntry(body)).toBeUndefined();
    },
  );
});

describe('what has changed since a node ended', () => {
  const recorded = [code('b', 100), code('a', 0), code('c', 200)];

  it('is compared with the code that was in force then', () => {
    expect(codeChange(recorded, 99, code('b', 0))).toBe('./my clean.ts has changed');
    expect(codeChange(recorded, 100, code('b', 0))).toBeUndefined();
    expect(codeChange(recorded, 199, code('b', 0))).toBeUndefined();
    expect(codeChange(recorded, 200, code('b', 0))).toBe('./my clean.ts has changed');
  });

  it('is compared with the first code for what ended before any was recorded', () => {
    expect(codeChange([code('a', 50)], 10, code('a', 0))).toBeUndefined();
    expect(codeChange([code('a', 50)], 10, code('b', 0))).toBe('./my clean.ts has changed');
  });

  it('is compared with all code if it is not known when the node ended', () => {
    expect(codeChange(recorded, Number.NaN, code('a', 0))).toBe('./my clean.ts has changed');
    expect(codeChange([code('a', 0)], Number.NaN, code('a', 0))).toBeUndefined();
  });

  it('is nothing that could be said if no code was recorded', () => {
    expect(codeChange([], 10, code('a', 0))).toBeUndefined();
  });
});
