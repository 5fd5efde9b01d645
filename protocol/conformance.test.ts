import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { VECTOR_FILES } from '#cli/conformance/all'
import { VECTORS_FOLDER, verifyOurs } from '#cli/conformance/ours'
import { findPython, killTheirMutations, NO_PYTHON, verifyTheirs } from '#cli/conformance/theirs'

const python = findPython(process.env['PATH'] ?? '')

/** Rules and the file whose vectors show them. */
const RULES = [
  { id: 'D73', file: 'number' },
  { id: 'D74', file: 'ack' },
  { id: 'D75', file: 'ack' },
  { id: 'D76', file: 'bits' },
  { id: 'D77', file: 'bits' },
  { id: 'D180', file: 'carry' },
  { id: 'D181', file: 'road' },
  { id: 'D182', file: 'road' },
  { id: 'D183', file: 'road' },
  { id: 'D184', file: 'carry' },
  { id: 'D185', file: 'carry' },
  { id: 'D186', file: 'carry' },
  { id: 'D187', file: 'fields' },
] as const

describe('vectors', () => {
  const ours = verifyOurs(
    VECTORS_FOLDER,
    VECTOR_FILES.map(({ name }) => name),
  )
  const theirs = python === undefined ? Promise.resolve(NO_PYTHON) : verifyTheirs(python, VECTORS_FOLDER)

  test.each(RULES)('[$id] vectors of $file: our code makes them byte for byte, and Python agrees', async ({ file }) => {
    const both = [await ours, await theirs]
    for (const verdicts of both) {
      if (typeof verdicts === 'string') throw new Error(verdicts)
      const verdict = verdicts.find(({ name }) => name === file)
      expect(verdict?.failures).toEqual([])
      expect(verdict?.passed).toBeGreaterThan(10)
    }
  })

  test('[D189] each file that our code makes is in protocol/vectors', () => {
    const present = readdirSync(VECTORS_FOLDER)
    expect(VECTOR_FILES.filter(({ name }) => !present.includes(`${name}.json`))).toEqual([])
  })

  test('[D190] every mistake planted in the second implementation turns the vectors red', async () => {
    expect(python, NO_PYTHON).toBeDefined()
    const kills = await killTheirMutations(python!, VECTORS_FOLDER)
    if (typeof kills === 'string') throw new Error(kills)
    expect(kills.filter(({ isKilled }) => !isKilled)).toEqual([])
    expect(kills.length).toBeGreaterThanOrEqual(12)
  })
})
