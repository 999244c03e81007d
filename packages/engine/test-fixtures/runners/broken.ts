import { define } from './define.ts';

export const orphan = define(import.meta.url, 'orphan', () => 1);

if (!import.meta.main && process.env['SIDEREAL_BROKEN'] === 'yes')
  throw new RangeError('this module does not load');
