import { z } from 'zod';
import type { TestTally } from './tally.ts';

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Counts what a vitest run reported (its JSON reporter). A run can fail without a failed test: a file does
 * not load, an error happens outside of tests, there is no test at all. Each is a problem of its own.
 *
 * @param exitCode of the vitest process; `null` if a signal ended it
 */
export function tallyVitest(suite: string, json: unknown, exitCode: number | null): TestTally {
  const parsed = report.safeParse(json);
  if (!parsed.success) {
    return {
      passed: 0,
      failed: 0,
      skipped: [],
      problems: [`${suite}: the test runner ended without a report`],
    };
  }
  const files = parsed.data.testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const skipped = tests
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => `${suite}: ${test.fullName}`);
  const problems = files
    .filter(
      (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
    )
    .map((file) => `${file.name}: ${firstLine(file.message) ?? 'failed outside of its tests'}`);
  if (tests.length === 0 && problems.length === 0) problems.push(`${suite}: there was no test to run`);
  if (exitCode !== 0 && failed === 0 && problems.length === 0) {
    problems.push(`${suite}: something failed outside of the tests (exit code ${exitCode ?? 'none'})`);
  }
  return { passed, failed, skipped, problems };
}

function firstLine(message: string | undefined): string | undefined {
  return message?.split('\n').find((line) => line.trim() !== '');
}
