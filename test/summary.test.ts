import { expect, it } from 'vitest'
import { summary } from './summary.mjs'

const test = (status: string, fullName = 'a test') => ({ fullName, status })
const file = (name: string, ...assertionResults: { fullName: string; status: string }[]) => ({
  name,
  status:
    assertionResults.length === 0 || assertionResults.some((one) => one.status === 'failed') ? 'failed' : 'passed',
  assertionResults,
})
const run = (isClean: boolean, ...testResults: ReturnType<typeof file>[]) => ({ report: { testResults }, isClean })

it('[R1] is green when everything that is there has passed', () => {
  const runs = [run(true, file('a', test('passed'), test('passed'))), run(true, file('b', test('passed')))]
  expect(summary({ runs, complaints: [] })).toEqual({ lines: ['3 passed, 0 failed'], isGreen: true })
})

it('[R1] counts a failed test, and a file that could not be loaded', () => {
  const runs = [run(false, file('a', test('passed'), test('failed')), file('b'))]
  const lines = ['Could not be run:', '  b', '1 passed, 2 failed']
  expect(summary({ runs, complaints: [] })).toEqual({ lines, isGreen: false })
})

it('[R1] names every skipped test, whose name says the reason', () => {
  const skipped = test('pending', 'work of a ride (needs ../shared)')
  const runs = [run(true, file('a', test('passed'), skipped))]
  const lines = ['Skipped:', '  work of a ride (needs ../shared)', '1 passed, 0 failed, 1 skipped']
  expect(summary({ runs, complaints: [] })).toEqual({ lines, isGreen: true })
})

it('[R2] is not green without a test or without a report', () => {
  const lines = ['No test has run.', '0 passed, 0 failed']
  expect(summary({ runs: [run(true)], complaints: [] })).toEqual({ lines, isGreen: false })
  expect(summary({ runs: [{ report: undefined, isClean: false }], complaints: [] }).isGreen).toBe(false)
})

it('[R2] is not green after an error outside of any test, in whichever run', () => {
  const runs = [run(true, file('a', test('passed'))), run(false, file('b', test('passed')))]
  const { lines, isGreen } = summary({ runs, complaints: [] })
  expect({ last: lines.at(-1), isGreen }).toEqual({ last: '2 passed, 1 failed', isGreen: false })
})

it('[R2] is not green when a part could not run, and says which', () => {
  const runs = [run(true, file('a', test('passed')))]
  const lines = ['The browser tests did not run.', '1 passed, 0 failed']
  expect(summary({ runs, complaints: ['The browser tests did not run.'] })).toEqual({ lines, isGreen: false })
})
