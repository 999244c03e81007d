import { describe, expect, test } from 'vitest';
import { addTallies, closingLine, emptyTally } from './tally.ts';
import { tallyVitest } from './vitest-report.ts';

function file(status: string, tests: Record<string, string>, message = '') {
  const assertionResults = Object.entries(tests).map(([fullName, outcome]) => ({
    fullName,
    status: outcome,
  }));
  return { name: '/repository/a.test.ts', status, message, assertionResults };
}

describe('the count of a vitest run', () => {
  test('counts passed, failed and skipped tests', () => {
    const json = {
      testResults: [file('failed', { a: 'passed', b: 'failed', c: 'skipped', d: 'todo', e: 'passed' })],
    };
    const tally = tallyVitest('unit', json, 1);
    expect(tally).toEqual({ passed: 2, failed: 1, skipped: ['unit: c', 'unit: d'], problems: [] });
    expect(closingLine(tally, false)).toBe('2 passed, 1 failed');
    expect(closingLine(tally, true)).toBe('2 passed, 3 failed');
  });

  test('a file that does not load is a failure', () => {
    const tally = tallyVitest('unit', { testResults: [file('failed', {}, 'Cannot find module\nat …')] }, 1);
    expect(tally.problems).toEqual(['/repository/a.test.ts: Cannot find module']);
    expect(closingLine(tally, false)).toBe('0 passed, 1 failed');
  });

  test('a hook that fails after its tests passed is a failure', () => {
    const tally = tallyVitest('unit', { testResults: [file('failed', { a: 'passed' })] }, 1);
    expect(closingLine(tally, false)).toBe('1 passed, 1 failed');
  });

  test('a run without tests is a failure, whatever its exit code', () => {
    expect(closingLine(tallyVitest('unit', { testResults: [] }, 0), false)).toBe('0 passed, 1 failed');
  });

  test('a run that ended badly though its tests passed is a failure', () => {
    const json = { testResults: [file('passed', { a: 'passed' })] };
    expect(closingLine(tallyVitest('unit', json, 1), false)).toBe('1 passed, 1 failed');
    expect(closingLine(tallyVitest('unit', json, null), false)).toBe('1 passed, 1 failed');
  });

  test('a run that left no report is a failure', () => {
    expect(closingLine(tallyVitest('unit', undefined, null), false)).toBe('0 passed, 1 failed');
  });

  test('suites add up', () => {
    const json = { testResults: [file('passed', { a: 'passed' })] };
    const sum = [tallyVitest('unit', json, 0), tallyVitest('processes', json, 0)].reduce(
      addTallies,
      emptyTally,
    );
    expect(closingLine(sum, true)).toBe('2 passed, 0 failed');
  });
});
