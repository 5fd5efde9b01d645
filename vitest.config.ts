import { defineConfig } from 'vitest/config'

const never = ['node_modules/**', 'dist/**', 'data/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...never, 'test/browser/**'],
          // On a busy machine a second of work is five; what hangs is still found.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // A minute of real time over real sockets: it mostly waits, so test/run.mjs runs it beside the unit tests.
        test: {
          name: 'way',
          include: ['test/browser/watts-way.test.ts'],
          exclude: never,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Two Chromiums at a time, for they draw in software. test/run.mjs runs this project after the others.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: [...never, 'test/browser/watts-way.test.ts'],
          globalSetup: ['test/support/shared-server.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
