import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const never = ['node_modules/**', 'dist/**', 'data/**']

/**
 * What mostly computes: nothing of a module's own that changes, and nothing of the process. One file after another in the
 * same process, which has then read the house once; whoever stubs a global or sets the environment is no such file.
 */
const pure = [
  ...['physics', 'protocol', 'maps', 'server/world', 'server/event', 'server/room', 'cli/plots'],
  ...['bridges/core', 'bridges/ant', 'bridges/ble', 'bridges/trainer-sim'],
  ...['client/world', 'client/hud', 'client/input', 'client/words', 'client/audio'],
].map((room) => `${room}/**/*.test.ts`)
/** On a busy machine a second of work is five; what hangs is still found. */
const PATIENCE = { testTimeout: 30_000, hookTimeout: 30_000 }
/** By itself vitest leaves one core of two to nobody. */
const maxWorkers = Math.max(2, availableParallelism())

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...never, ...pure, 'test/browser/**'],
          maxWorkers,
          ...PATIENCE,
        },
      },
      {
        test: {
          name: 'pure',
          include: pure,
          exclude: never,
          isolate: false,
          maxWorkers,
          ...PATIENCE,
        },
      },
      {
        // A minute of real time over real sockets: it mostly waits, so test/run.mjs runs it beside the unit tests.
        test: {
          name: 'way',
          include: ['test/browser/watts-way.test.ts'],
          exclude: never,
          testTimeout: 180_000,
          hookTimeout: 180_000,
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
