import { expect, test } from 'vitest';
import { isReason, reasonCode, reasonOfCode, REASONS } from './reason.ts';

test("names and numbers are each other's, and never change: they are in every journal", () => {
  expect(REASONS.map((name) => `${name} ${reasonCode(name)}`)).toEqual([
    ' 0',
    'error 1',
    'timed_out 2',
    'invalid_input 3',
    'input_rejected 4',
    'crashed 5',
    'outcome_unknown 6',
    'result_not_durable 7',
    'unhandled_failure 8',
    'upstream_failed 9',
    'trigger_rule 10',
    'skipped 11',
    'cancelled 12',
    'parent_stopping 13',
    'parent_ended 14',
    'fail_fast 15',
    'value_lost 16',
    'input_lost 17',
    'resumed 18',
    'parent_retried 19',
    'not_called 20',
    'slot 21',
    'memory 22',
    'resource 23',
    'limit 24',
    'uncloneable_argument 25',
    'process_exit 26',
    'deadlock 27',
    'abandoned 28',
    'displaced 29',
  ]);
  for (const [code, name] of REASONS.entries())
    expect([reasonOfCode(code), isReason(name)]).toEqual([name, true]);
});

test('what a later version wrote is shown by its number', () => {
  expect(reasonOfCode(REASONS.length)).toBe(`reason_${REASONS.length}`);
  expect(reasonOfCode(65_535)).toBe('reason_65535');
  expect(reasonCode('reason_65535')).toBe(65_535);
  for (const none of ['reason_65536', 'reason_1', 'reason_099', 'reason_', 'toString', 'Error'])
    expect(reasonCode(none)).toBeUndefined();
  expect(['toString', 'reason_65535', 'Error'].filter(isReason)).toEqual([]);
});
