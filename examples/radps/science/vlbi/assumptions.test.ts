import { expect, it } from 'vitest';
import { ARCSEC } from '../numeric/constants.ts';
import { describeAssumptions } from './assumptions.ts';
import { vlbiImaging } from './hybrid-options.ts';
import { defaultVlbiPreparation } from './prepare.ts';

it('names every number that was put in from outside', () => {
  const text = describeAssumptions(defaultVlbiPreparation, vlbiImaging, [0, 60e-6 * ARCSEC]);
  for (const part of [
    '0.6 Jy',
    '0.1 Gλ',
    '80 µas',
    '0 µas, 60 µas',
    '2 %',
    '120 s',
    'robust 1',
    'position is lost',
  ]) {
    expect(text).toContain(part);
  }
});
