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
          sequence: { groupOrder: 0 },
        },
      },
      {
        // One Chromium at a time, after the rest, so that it has both cores to itself: it draws in software.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: never,
          globalSetup: ['test/support/shared-server.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
