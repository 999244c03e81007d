import { expect, test } from 'vitest';
import { readDue, withDue } from './retry-due.ts';

test('words say when a retry is due, and are read again', () => {
  const dueMs = Date.UTC(2026, 10, 30, 16, 5, 0, 7);
  const words = withDue('no connection (yet)', dueMs);
  expect(words).toBe('no connection (yet) (due 2026-11-30T16:05:00.007Z)');
  expect(readDue(words)).toEqual({ message: 'no connection (yet)', dueMs });
});

test('words that say nothing of it are left as they are', () => {
  for (const message of ['', 'no', '(due tomorrow)']) expect(readDue(message)).toEqual({ message });
  expect(withDue('for ever', Number.MAX_SAFE_INTEGER)).toBe('for ever');
});
