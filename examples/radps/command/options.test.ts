import { describe, expect, it } from 'vitest';
import { parseCommand } from './options.ts';

describe('command line', () => {
  it('has defaults that simulate and run everything', () => {
    expect(parseCommand([])).toMatchObject({
      kind: 'pipeline',
      mode: 'all',
      seed: 1,
      channels: 32,
      spws: 2,
      fields: 1,
      antennas: 18,
      visits: 5,
      line: true,
      services: { kind: 'simulated', positions: 'ok' },
      failing: [],
      failureRate: 0,
      onSpwFailure: 'abort',
      size: 128,
    });
    expect(parseCommand(['-h'])).toEqual({ kind: 'help' });
    expect(parseCommand(['--resume', 'abc', '--threads', '3'])).toEqual({
      kind: 'resume',
      runId: 'abc',
      threads: 3,
    });
  });

  it('chooses stages', () => {
    expect(
      parseCommand(['--only', 'cube,bandpass', '--only', 'time-gain', '--inputs', 'x', '--mode', 'cube']),
    ).toMatchObject({ mode: 'cube', only: ['cube', 'bandpass', 'time-gain'], inputs: 'x' });
    expect(
      parseCommand(['--from=cube', '--until=continuum-spw', '--skip', 'continuum-selfcal']),
    ).toMatchObject({
      from: 'cube',
      until: 'continuum-spw',
      skip: ['continuum-selfcal'],
    });
  });

  it('makes things fail', () => {
    expect(parseCommand(['--failures', '--seed', '3'])).toMatchObject({ failureRate: 0.2, seed: 3 });
    expect(parseCommand(['--failures'])).toHaveProperty('failing.length', 9);
    expect(parseCommand(['--failures=cube,bandpass', '--failure-rate', '0.5'])).toMatchObject({
      failing: ['cube', 'bandpass'],
      failureRate: 0.5,
    });
    expect(parseCommand(['--fail-spw', '1', '--on-spw-failure', 'continue'])).toMatchObject({
      failSpw: 1,
      onSpwFailure: 'continue',
    });
    expect(parseCommand(['--services', 'http://localhost:1'])).toMatchObject({
      services: { kind: 'url', url: 'http://localhost:1' },
    });
  });

  it('makes many tasks small', () => {
    expect(parseCommand(['--channels', '1000', '--fields', '4', '--spws', '8'])).toMatchObject({
      channels: 1000,
      fields: 4,
      spws: 8,
      antennas: 9,
      visits: 2,
      size: 64,
      cellArcsec: 8,
    });
  });

  it('takes real observations', () => {
    expect(parseCommand(['--uvfits', 'a.uvfits', 'b.uvfits', '--out', 'x'])).toMatchObject({
      kind: 'observation',
      mode: undefined,
      files: ['a.uvfits', 'b.uvfits'],
      out: 'x',
      size: undefined,
    });
    expect(parseCommand(['--mode', 'image'])).toMatchObject({
      kind: 'observation',
      files: [],
      channels: 16,
      antennas: 27,
    });
  });

  it.each([
    [['--size', '100'], '--size 100 is not a power of two'],
    [['--size', '8'], '--size 8 is not a whole number from 16 to 8192'],
    [['--channels', '0'], '--channels 0'],
    [['--channels', '5.5'], '--channels 5.5'],
    [['--threads', 'two'], '--threads two'],
    [['--seed=-1'], '--seed -1'],
    [['--antennas', '28'], '--antennas 28 is not a multiple of three'],
    [['--bogus'], '--bogus'],
    [['--out'], '--out'],
    [['file'], 'file'],
    [['--resume', 'abc', '--size', '64'], '--size'],
    [['--mode', 'everything'], '--mode everything is none of all, cube'],
    [['--only', 'cubes'], '--only cubes is not a stage; stages are import-calibrators'],
    [['--failure-rate', '2'], '--failure-rate 2 is not a number from 0 to 1'],
    [['--fail-spw', '2'], '--fail-spw 2'],
    [['--positions', 'bad'], '--positions bad'],
    [['--services', 'nowhere'], '--services nowhere is not a URL'],
    [['--services', 'http://x', '--positions', 'ok'], '--positions'],
    [['--mode', 'hybrid'], '--mode hybrid needs an observation'],
    [['--mode', 'cube', '--uvfits', 'a'], '--mode cube'],
    [['--uvfits', 'a', '--spws', '3'], '--spws'],
  ])('refuses %j with the option and its value', (argv, message) => {
    expect(() => parseCommand(argv)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
    );
  });
});
