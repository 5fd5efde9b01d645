import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { machine } from '#bench/machine'
import { curvePoints } from '#bench/sync/curve'
import { PARTS } from '#bench/sync/parts'
import { Suite } from '#bench/sync/suite'
import { FROZEN } from '#bench/sync/trace'
import { report, UsageError, type Command, type Figure } from './command.ts'
import { syncPicture } from './plots/sync.ts'

const PICTURE = 'sync-rate-error.svg'

/** Called by `gruppetto bench sync`. */
export const command: Command = {
  name: 'bench-sync',
  summary: 'what others cost on the wire and how true they look: ours, ours without each idea, and the peers',
  options: [
    { name: 'rounds', value: 'N', summary: 'rounds, each with other dice', default: '5' },
    { name: 'only', value: 'PART', summary: 'only this part', repeated: true },
    { name: 'hostile', value: 'N', summary: 'datagrams of the hostile part', default: '1000000' },
    { name: 'picture', value: 'FOLDER', summary: 'write the plot of rate against error there: docs/pictures' },
  ],
  details: [
    'Parts, in the order in which they run:',
    ...Object.entries(PARTS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`),
    '',
    'Everybody gets the same frozen trace through the same link. The peers are packages of their own, which users do not',
    'need: npm install --prefix bench/peers --ignore-scripts',
    'Figures of time want an idle machine; bits, bytes and errors are the same on every one.',
  ].join('\n'),
  async run(invocation) {
    const asked = invocation.all('only')
    for (const name of asked) {
      if (!Object.hasOwn(PARTS, name))
        throw new UsageError(`"bench sync" has the parts ${Object.keys(PARTS).join(', ')}, not "${name}"`)
    }
    const names = asked.length > 0 ? asked : Object.keys(PARTS)
    const suite = new Suite({
      rounds: invocation.number('rounds', { min: 1, max: 50, isWhole: true })!,
      hostile: invocation.number('hostile', { min: 1000, max: 1e9, isWhole: true })!,
      progress: invocation.progress,
    })
    const { cpu, cores, memoryGiB, system, node } = machine()
    const figures: Record<string, Figure> = {
      machine: { value: `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node ${node}`, unit: '' },
      'trace.hard': { value: suite.trace('hard').hash, unit: '' },
    }
    const failures: string[] = []
    const { hash, physicsVersion } = suite.trace('hard')
    if (FROZEN[physicsVersion]?.hard !== hash)
      failures.push(`the hard trace of physics ${physicsVersion} is not the frozen one: figures cannot be compared`)
    for (const name of names) {
      const part = await PARTS[name]!.load()
      try {
        const { method, figures: more } = await part(suite)
        invocation.say(`${name}: ${method}\n`)
        if (invocation.isJson) figures[`${name}.method`] = { value: method, unit: '' }
        Object.assign(figures, more)
      } catch (error) {
        // The rest is still worth its figures.
        failures.push(`${name}: ${error instanceof Error ? error.message : 'did not finish'}`)
      }
    }
    const folder = invocation.text('picture')
    if (folder !== undefined) {
      const svg = syncPicture(await curvePoints(suite), suite.trace('hard').hash)
      mkdirSync(resolve(folder), { recursive: true })
      writeFileSync(join(resolve(folder), PICTURE), svg)
      figures[PICTURE] = { value: svg.length, unit: 'B' }
    }
    return report(figures, failures)
  },
}
