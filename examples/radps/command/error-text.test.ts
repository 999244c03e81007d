import { SiderealError } from 'sidereal';
import { expect, it } from 'vitest';
import { errorText } from './error-text.ts';

it('tells code, message, causes and remedy, and the stack only to those who debug', () => {
  const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const error = new SiderealError('FITS_NOT_FOUND', 'x cannot be read', { remedy: 'Give another.', cause });
  expect(errorText(error, false)).toBe(
    'error: FITS_NOT_FOUND: x cannot be read\n  because: EACCES: permission denied\n  remedy:  Give another.\n',
  );
  expect(errorText(error, true)).toContain('error-text.test.ts');
  expect(errorText('odd', false)).toBe('error: odd\n');
});
