import { expect, it } from 'vitest'
import { summary } from './summary.mjs'

const test = (status: string, fullName = 'a test') => ({ fullName, status })
const file = (name: string, ...assertionResults: { fullName: string; status: string }[]) => ({
  name,
  status:
    assertionResults.length === 0 || assertionResults.some((one) => one.status === 'failed') ? 'failed' : 'passed',
  assertionResults,
})
const report = (...testResults: ReturnType<typeof file>[]) => ({ testResults })

it('[R1] is green when everything that is there has passed', () => {
  const run = { report: report(file('a', test('passed'), test('passed'))), isClean: true, complaints: [] }
  expect(summary(run)).toEqual({ lines: ['2 passed, 0 failed'], isGreen: true })
})

it('[R1] counts a failed test, and a file that could not be loaded', () => {
  const run = { report: report(file('a', test('passed'), test('failed')), file('b')), isClean: false, complaints: [] }
  expect(summary(run)).toEqual({ lines: ['Could not be run:', '  b', '1 passed, 2 failed'], isGreen: false })
})

it('[R1] names every skipped test, whose name says the reason', () => {
  const run = {
    report: report(file('a', test('passed'), test('pending', 'work of a ride (needs ../shared)'))),
    isClean: true,
    complaints: [],
  }
  const lines = ['Skipped:', '  work of a ride (needs ../shared)', '1 passed, 0 failed, 1 skipped']
  expect(summary(run)).toEqual({ lines, isGreen: true })
})

it('[R2] is not green without a test, without a report, or after an error outside of any test', () => {
  expect(summary({ report: report(), isClean: true, complaints: [] })).toEqual({
    lines: ['No test has run.', '0 passed, 0 failed'],
    isGreen: false,
  })
  expect(summary({ report: undefined, isClean: false, complaints: [] }).isGreen).toBe(false)
  const stray = summary({ report: report(file('a', test('passed'))), isClean: false, complaints: [] })
  expect(stray.isGreen).toBe(false)
  expect(stray.lines.at(-1)).toBe('1 passed, 1 failed')
})

it('[R2] is not green when a part could not run, and says which', () => {
  const { lines, isGreen } = summary({
    report: report(file('a', test('passed'))),
    isClean: true,
    complaints: ['The browser tests did not run.'],
  })
  expect({ lines, isGreen }).toEqual({
    lines: ['The browser tests did not run.', '1 passed, 0 failed'],
    isGreen: false,
  })
})
