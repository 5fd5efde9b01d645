// What a run of tests comes to. Plain JavaScript, because test/run.mjs runs before anything is installed.

/**
 * Reads vitest's JSON report. A file that could not be loaded counts as a failure, and so does an error outside of any test
 * (`isClean` is false and no test failed). `complaints` name the parts that could not run; with one of them, or with no
 * test at all, nothing is green.
 *
 * @param {{ report: { testResults: { name: string, status: string, message?: string, assertionResults: { fullName: string, status: string }[] }[] } | undefined, isClean: boolean, complaints: readonly string[] }} run
 * @returns {{ lines: string[], isGreen: boolean }}
 */
export function summary({ report, isClean, complaints }) {
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const failedTests = tests.filter((test) => test.status === 'failed').length
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
  const lines = []
  if (skipped.length > 0) lines.push('Skipped:', ...skipped.map((test) => `  ${test.fullName}`))
  if (brokenFiles.length > 0) lines.push('Could not be run:', ...brokenFiles.map((file) => `  ${file.name}`))
  let failed = failedTests + brokenFiles.length
  if (failed === 0 && !isClean) {
    lines.push('The test runner ended with an error outside of any test; see above.')
    failed = 1
  }
  if (passed === 0) lines.push('No test has run.')
  lines.push(...complaints)
  const isGreen = isClean && failed === 0 && passed > 0 && complaints.length === 0
  lines.push(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
  return { lines, isGreen }
}
