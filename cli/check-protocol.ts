import { readFile, writeFile } from 'node:fs/promises'
import { figure, report, UsageError, type Command, type Figure, type Invocation, type Report } from './command.ts'
import type { Verdict } from './conformance/ours.ts'

export const command: Command = {
  name: 'check-protocol',
  summary: 'hold this program and a second implementation against every vector of the protocol',
  options: [
    { name: 'vectors', value: 'DIR', summary: 'folder of vectors; protocol/vectors unless said otherwise' },
    { name: 'python', value: 'PATH', summary: 'the Python that runs the second implementation; python3 on the PATH' },
    {
      name: 'live',
      value: 'URL',
      summary: 'let the second implementation ride on this server too, as in http://localhost:8214',
    },
    { name: 'seconds', value: 'S', summary: 'how long it rides there', default: '10' },
    { name: 'mutations', summary: 'plant mistakes in both implementations; the vectors must notice each' },
    {
      name: 'write',
      summary: 'make the vectors and the tables of docs/protocol.md anew with this program, then check',
    },
  ],
  details: `docs/protocol.md is the specification, protocol/vectors/ has its bytes and numbers, test/conformance/ is a second
implementation, in Python, that imports nothing of ours. For each file of vectors: how many each of the two makes of them as written.`,
  run: checkProtocol,
}

async function checkProtocol(invocation: Invocation): Promise<Report> {
  const [ours, theirs] = await Promise.all([import('./conformance/ours.ts'), import('./conformance/theirs.ts')])
  const vectors = invocation.text('vectors') ?? ours.VECTORS_FOLDER
  const python = invocation.text('python') ?? theirs.findPython(process.env['PATH'] ?? '')
  if (python === undefined) throw new UsageError(theirs.NO_PYTHON)
  const { signal } = invocation
  if (invocation.flag('write')) {
    const { DOCUMENT, withTables } = await import('./conformance/document.ts')
    await ours.writeVectors(vectors)
    await writeFile(DOCUMENT, await withTables(await readFile(DOCUMENT, 'utf8')))
  }
  const figures: Record<string, Figure> = {}
  const failures: string[] = []
  const note = (who: string, verdicts: readonly Verdict[] | string): void => {
    if (typeof verdicts === 'string') failures.push(`${who}: ${verdicts}`)
    else addVerdicts(who, verdicts, figures, failures)
  }
  if (invocation.flag('mutations')) await checkMutations(invocation, { vectors, python }, figures, failures)
  else {
    note('this program', await ours.verifyOurs(vectors))
    note('Python', await theirs.verifyTheirs(python, vectors, signal))
  }
  const url = invocation.text('live')
  if (url !== undefined) {
    const seconds = invocation.number('seconds', { min: 2, max: 600 })!
    const ride = await theirs.rideLive(python, url, seconds, signal)
    if (typeof ride === 'string') failures.push(ride)
    else {
      for (const [name, value] of Object.entries(ride.figures)) figures[`live, ${name}`] = figure(value, '')
      failures.push(...ride.failures.map((failure) => `live: ${failure}`))
    }
  }
  return report(figures, failures)
}

function addVerdicts(
  who: string,
  verdicts: readonly Verdict[],
  figures: Record<string, Figure>,
  failures: string[],
): void {
  let passed = 0
  let failed = 0
  for (const verdict of verdicts) {
    passed += verdict.passed
    failed += verdict.failed
    const unit = verdict.failed === 0 ? 'passed' : `passed, ${verdict.failed} failed`
    figures[`${verdict.name}, ${who}`] = figure(verdict.passed, unit)
    failures.push(...verdict.failures.map((failure) => `${who}: ${failure}`))
  }
  figures[`all, ${who}`] = figure(passed, failed === 0 ? 'passed' : `passed, ${failed} failed`)
}

async function checkMutations(
  invocation: Invocation,
  { vectors, python }: { vectors: string; python: string },
  figures: Record<string, Figure>,
  failures: string[],
): Promise<void> {
  const [{ killMutations, MUTATIONS }, { killTheirMutations }] = await Promise.all([
    import('./conformance/mutations.ts'),
    import('./conformance/theirs.ts'),
  ])
  let done = 0
  const kills = {
    'this program': await killMutations(vectors, ({ name }) => invocation.progress(++done, MUTATIONS.length, name)),
    Python: await killTheirMutations(python, vectors, invocation.signal),
  }
  for (const [who, list] of Object.entries(kills)) {
    if (typeof list === 'string') {
      failures.push(`${who}: ${list}`)
      continue
    }
    const alive = list.filter(({ isKilled }) => !isKilled)
    figures[`mutations killed, ${who}`] = figure(list.length - alive.length, `of ${list.length}`)
    failures.push(...alive.map(({ name, why }) => `${who}: nobody notices that ${name} (${why})`))
  }
}
