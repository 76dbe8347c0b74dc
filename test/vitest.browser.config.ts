import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_REPORT'];

/** The pages in a real browser: `npm run test:browser`. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.browser.ts'],
    pool: 'forks',
    execArgv: ['--disable-warning=DEP0040'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // The machine-readable report is for .ci/run, which counts by it.
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
