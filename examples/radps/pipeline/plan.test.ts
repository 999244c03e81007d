import { describe, expect, it } from 'vitest';
import { planStages } from './plan.ts';
import { STAGES } from './products/stage-name.ts';

describe('plan', () => {
  it('is the stages of the mode', () => {
    expect(planStages('all', {})).toEqual({ run: STAGES, load: [], loadIfThere: [] });
    expect(planStages('cube', {}).run).toEqual(STAGES.slice(0, 7));
    expect(planStages('contselfcal', {}).run).not.toContain('cube');
    expect(planStages('calibration', {}).run).toEqual(STAGES.slice(0, 4));
  });

  it('takes what is not run from earlier products', () => {
    expect(planStages('all', { only: ['cube'] })).toEqual({
      run: ['cube'],
      load: ['calibrate-target'],
      loadIfThere: [],
    });
    expect(planStages('all', { from: 'time-gain', until: 'image-calibrators' })).toEqual({
      run: ['time-gain', 'image-calibrators'],
      load: ['import-calibrators', 'bandpass'],
      loadIfThere: [],
    });
    expect(planStages('all', { from: 'calibrate-target' })).toMatchObject({
      load: ['import-target'],
      loadIfThere: ['bandpass', 'time-gain'],
    });
    expect(planStages('all', { only: ['continuum-spw'] })).toEqual({
      run: ['continuum-spw'],
      load: ['calibrate-target'],
      loadIfThere: ['continuum-selfcal'],
    });
  });

  it('leaves out what is skipped', () => {
    expect(planStages('all', { skip: ['image-calibrators', 'cube'] }).run).toHaveLength(7);
    expect(planStages('all', { skip: ['bandpass'] }).load).toEqual(['bandpass']);
  });

  it('refuses to do nothing', () => {
    expect(() => planStages('calibration', { from: 'cube' })).toThrow(
      expect.objectContaining({ code: 'NOTHING_TO_RUN' }),
    );
  });
});
