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
          hookTimeout: 30_000, // A house that closes on a busy machine.
        },
      },
      {
        // One Chromium at a time: it draws in software. test/run.mjs runs this project after the other.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: never,
          globalSetup: ['test/support/shared-server.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
