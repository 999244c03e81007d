/** How the tests of a suite, or of several, ended. */
export interface TestTally {
  readonly passed: number;
  readonly failed: number;
  /** Titles of tests that did not run. */
  readonly skipped: readonly string[];
  /** What failed without being a test: a file that does not load, a suite without tests, an error outside tests. */
  readonly problems: readonly string[];
}

export const emptyTally: TestTally = { passed: 0, failed: 0, skipped: [], problems: [] };

/** Adds two tallies. */
export function addTallies(a: TestTally, b: TestTally): TestTally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    problems: [...a.problems, ...b.problems],
  };
}

/** Tests that failed, problems, and, if everything is required, tests that did not run. */
export function failures(tally: TestTally, requireAll: boolean): number {
  return tally.failed + tally.problems.length + (requireAll ? tally.skipped.length : 0);
}

/** The line that ends a test run, for people and for programs: `N passed, N failed`. */
export function closingLine(tally: TestTally, requireAll: boolean): string {
  return `${tally.passed} passed, ${failures(tally, requireAll)} failed`;
}
