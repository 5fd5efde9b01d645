import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { figure, report, type Command, type Figure, type Invocation, type Report } from './command.ts'
import { BesiegedRoom, HOSTILE_KINDS } from './hostile/besieged-room.ts'

const RIDERS = 32
/** Datagrams that are made before they are sent, so that the time taken is the server's. */
const BATCH = 2000
/** A tick passes after so many: fifty thousand a second. */
const PER_TICK = 2500
/** Half of all is sent before the heap is first looked at: by then everything is compiled and every table has its size. */
const SETTLED_SHARE = 0.5
const GROWTH_MAX_BYTES = 1_000_000

export const command: Command = {
  name: 'hostile',
  summary: 'send millions of hostile datagrams at a room that rides on, and see that nothing throws, grows or answers',
  options: [
    { name: 'datagrams', value: 'N', summary: 'how many', default: '10000000' },
    { name: 'seed', value: 'N', summary: 'all chance comes from it', default: '1' },
  ],
  details: `In memory and in virtual time, ${PER_TICK} to a tick. Kinds, in turns: ${HOSTILE_KINDS.join('; ')}. "Ours" are true datagrams
of riders who are in the room, already delivered; whoever sends one before it arrived is on the path (docs/protocol.md,
"Another address"). Times are the server's, for one datagram, crypto included.`,
  run: hostile,
}

async function hostile({ number, progress, signal }: Invocation): Promise<Report> {
  const count = number('datagrams', { min: 10_000, max: 1e9, isWhole: true })!
  const room = new BesiegedRoom(RIDERS, number('seed', { min: 0, max: 2 ** 31 - 1, isWhole: true })!)
  for (let i = 0; i < 40; i++) room.step()
  const failures: string[] = []
  if (room.clients.some(({ session }) => session.state !== 'connected')) failures.push('not everybody was connected')
  const us = HOSTILE_KINDS.map(() => 0)
  const sent = HOSTILE_KINDS.map(() => 0)
  const begun = { tick: room.tick, posted: room.posted }
  let settledBytes: number | undefined
  let total = 0
  let untilTick = PER_TICK
  for (let turn = 0; total < count && !signal.aborted; turn++) {
    const at = turn % HOSTILE_KINDS.length
    const kind = HOSTILE_KINDS[at]!
    const batch = Array.from({ length: Math.min(BATCH, count - total) }, () => room.make(kind))
    const startedMs = performance.now()
    for (const datagram of batch) room.receive(kind, datagram)
    us[at]! += (performance.now() - startedMs) * 1000
    sent[at]! += batch.length
    total += batch.length
    for (untilTick -= batch.length; untilTick <= 0; untilTick += PER_TICK) room.step()
    progress(total, count, 'datagrams')
    if (settledBytes === undefined && total >= count * SETTLED_SHARE) settledBytes = await usedBytes()
  }
  const grownBytes = (await usedBytes()) - (settledBytes ?? 0)
  const ticks = room.tick - begun.tick
  const isRiding = room.clients.every(({ session, closed }) => session.state === 'connected' && closed === undefined)
  const sealed = Object.entries(room.answers).reduce((sum, [first, n]) => (first === '0x02' ? sum : sum + n), 0)
  const figures: Record<string, Figure> = {
    datagrams: figure(total, '', { atLeast: count }),
    'answers.sealed': figure(sealed, '', { atMost: 0 }),
    'answers.challenges': figure(room.answers['0x02'] ?? 0, '', { atMost: 0 }),
    grown: figure(Math.round(grownBytes / 1024), 'KiB', { atMost: GROWTH_MAX_BYTES / 1024 }),
    ridersConnected: { value: isRiding, unit: '' },
    samplesPosted: figure((room.posted - begun.posted) / ((ticks * RIDERS) / 5), 'of those sent'),
  }
  for (const [i, kind] of HOSTILE_KINDS.entries())
    figures[`us.${kind.replaceAll(/[ ,]+/g, '-')}`] = { value: round(us[i]! / Math.max(1, sent[i]!)), unit: 'µs' }
  for (const [reason, n] of Object.entries(room.sessions.counts)) figures[`count.${reason}`] = { value: n, unit: '' }
  if (!isRiding) failures.push('riders who were there before are connected no more')
  return report(figures, failures)
}

const round = (value: number): number => Math.round(value * 100) / 100

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is in use once everything is collected; buffers are let go a turn of the event loop after. */
async function usedBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
