import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_REPORT'];

/** The tests that take minutes: `npm run test:long`. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.long.ts'],
    pool: 'forks',
    // Each has the machine to itself.
    fileParallelism: false,
    execArgv: ['--disable-warning=DEP0040'],
    hookTimeout: 60_000,
    // The machine-readable report is for .ci/run, which counts by it.
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
