// What a run of tests comes to. Plain JavaScript, because test/run.mjs runs before anything is installed.

/**
 * Reads vitest's JSON reports. A file that could not be loaded counts as a failure, and so does an error outside of any test
 * (a run is not clean and none of its tests failed). `complaints` name the parts that could not run; with one of them, or
 * with no test at all, nothing is green.
 *
 * @typedef {{ fullName: string, status: string }} Test
 * @typedef {{ testResults: { name: string, status: string, assertionResults: Test[] }[] }} Report
 * @param {{ runs: { report: Report | undefined, isClean: boolean }[], complaints: readonly string[] }} outcome
 * @returns {{ lines: string[], isGreen: boolean }}
 */
export function summary({ runs, complaints }) {
  const files = runs.flatMap(({ report }) => report?.testResults ?? [])
  const strays = runs.filter(({ report, isClean }) => !isClean && !report?.testResults.some(isBroken)).length
  const tests = files.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const failedTests = tests.filter((test) => test.status === 'failed').length
  const brokenFiles = files.filter(
    (file) => isBroken(file) && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
  const lines = []
  if (skipped.length > 0) lines.push('Skipped:', ...skipped.map((test) => `  ${test.fullName}`))
  if (brokenFiles.length > 0) lines.push('Could not be run:', ...brokenFiles.map((file) => `  ${file.name}`))
  if (strays > 0) lines.push('The test runner ended with an error outside of any test; see above.')
  const failed = failedTests + brokenFiles.length + strays
  if (passed === 0) lines.push('No test has run.')
  lines.push(...complaints)
  const isGreen = failed === 0 && passed > 0 && complaints.length === 0
  lines.push(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
  return { lines, isGreen }
}

/** @param {Report['testResults'][number]} file */
function isBroken(file) {
  return file.status === 'failed'
}
