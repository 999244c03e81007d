import { defineConfig } from 'vitest/config';

/**
 * Tests that start processes or kill things run one file at a time, so that they find the machine they
 * expect; all others run side by side on two workers. Within a file those side by side that say so.
 */
const serial = ['**/*.process.test.ts', '**/*.kill.test.ts'];
const packaging = ['packages/sidereal/test/packaging.test.ts'];
/** `npm run soak` kills for longer. */
const killMinutes = process.env['SIDEREAL_KILLS'] === undefined ? 10 : 120;
const never = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxConcurrency: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'examples/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: [...never, ...serial, ...packaging],
          setupFiles: ['scripts/testing/property-seed.ts'],
          testTimeout: 90_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: serial,
          exclude: never,
          testTimeout: killMinutes * 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'packaging',
          include: packaging,
          exclude: never,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          exclude: never,
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['packages/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
