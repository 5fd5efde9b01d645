import { figure, report, type Figure, type Invocation, type Report } from '../command.ts'
import { loadMap } from './load-map.ts'
import { write } from './run-race.ts'
import { simulate } from './simulation.ts'

/** `gruppetto sim --seed N`: the whole house but for sockets and pictures. */
export async function runSimulation(invocation: Invocation, seed: number): Promise<Report> {
  const map = await loadMap(invocation.text('map'))
  const seconds = invocation.number('seconds', { min: 1, max: 86_400, isWhole: true })!
  const lossPct = invocation.number('loss', { min: 0, max: 90 })!
  const startMs = performance.now()
  const done = simulate({
    map,
    seed,
    seconds,
    lossShare: lossPct / 100,
    onSecond(second) {
      invocation.progress(second, seconds, 'simulating')
      return !invocation.signal.aborted
    },
  })
  const tookS = (performance.now() - startMs) / 1000
  const journal = invocation.text('journal')
  if (journal !== undefined) await write(journal, `${done.lines.join('\n')}\n`)
  const figures: Record<string, Figure> = {
    hash: { value: done.hash, unit: '' },
    seed: figure(seed, ''),
    ticks: figure(done.ticks, ''),
    samplesSent: figure(done.samplesSent, ''),
    samplesCredited: figure(done.samplesCredited, ''),
    stampExcessMs: figure(done.stampExcessMs, 'ms'),
    datagramsUp: figure(done.datagramsUp, ''),
    datagramsDown: figure(done.datagramsDown, ''),
    datagramsLost: figure(done.datagramsLost, ''),
    bytesDown: figure(done.bytesDown, 'B'),
    records: figure(done.records, ''),
    reconnections: figure(done.reconnections, ''),
    maxClientErrorM: figure(round(Math.max(done.remoteErrorMaxM, done.ownErrorMaxM)), 'm'),
    maxRemoteErrorM: figure(round(done.remoteErrorMaxM), 'm'),
    maxOwnErrorM: figure(round(done.ownErrorMaxM), 'm'),
    overRealTime: figure(Math.round(done.ticks / 20 / tookS), '×'),
  }
  return report(figures, done.failures)
}

const round = (metres: number): number => Math.round(metres * 1000) / 1000
