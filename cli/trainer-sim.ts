import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { advertise } from '#bridges/dircon/discovery'
import { DirconServer } from '#bridges/dircon/server'
import { GATT } from '#bridges/core/gatt'
import { Replay, type RideRecord } from '#bridges/trainer-sim/replay'
import { SteadyLegs } from '#bridges/trainer-sim/steady'
import { SimulatedTrainer, type TrainerTarget } from '#bridges/trainer-sim/trainer'
import { systemClock } from '#server/clock'
import { readFit } from '#server/import/fit'
import { type Command, type Invocation, UsageError } from './command.ts'

/** The port trainers mostly use. */
const PORT = '36866'

export const command: Command = {
  name: 'trainer-sim',
  summary: 'a simulated trainer on the network: replays a recorded ride, or holds steady watts',
  options: [
    { name: 'ride', value: 'FILE.fit', summary: 'replay the records of this ride' },
    { name: 'watts', value: 'N', summary: 'push N watts for ever, four times a second' },
    { name: 'from', value: 'REC', summary: 'first record to play, counted from 1; the first by default' },
    { name: 'to', value: 'REC', summary: 'last record to play; the last of the file by default' },
    { name: 'speed', value: 'X', summary: 'play X times as fast; as it was ridden by default' },
    { name: 'once', summary: 'exit when the recording has ended' },
    { name: 'host', value: 'ADDRESS', summary: 'where to listen', default: '127.0.0.1' },
    { name: 'port', value: 'N', summary: 'TCP port; 0 takes a free one', default: PORT },
    { name: 'mass', value: 'KG', summary: 'rider and bicycle, for the speed without a recorded one', default: '83' },
    { name: 'name', value: 'NAME', summary: 'name to advertise', default: 'Gruppetto trainer' },
    { name: 'advertise', summary: 'make it known on the local network (mDNS); use with --host 0.0.0.0' },
  ],
  details: [
    'The recording begins when the first app listens, so that its first second is not lost.',
    'Examples:',
    '  gruppetto trainer-sim --ride ride.fit --from 601 --to 660 --once',
    '  gruppetto trainer-sim --watts 220 --port 0',
  ].join('\n'),

  async run(invocation) {
    for (const name of ['from', 'to', 'once', 'speed'] as const) {
      const isGiven = name === 'once' ? invocation.flag(name) : invocation.text(name) !== undefined
      if (isGiven && invocation.text('ride') === undefined)
        throw new UsageError(`--${name} is for a recording; give it as --ride FILE.fit.`)
    }
    const records = await recordsOf(invocation)
    const steadyW = invocation.number('watts', { min: 0, max: 2000, isWhole: true })
    if ((records === undefined) === (steadyW === undefined))
      throw new UsageError('trainer-sim needs either --ride FILE.fit or --watts N.')
    let said = '' // The road changes by hundredths several times a second; a person reads tenths.
    const trainer = new SimulatedTrainer({
      massKg: invocation.number('mass', { min: 30, max: 250 }) ?? 83,
      onTarget: (target) => {
        const words = inWords(target)
        if (words !== said) invocation.say(words)
        said = words
      },
    })
    const server = new DirconServer(trainer.peripheral)
    const host = invocation.text('host') ?? '127.0.0.1'
    const port = await listening(server, invocation.number('port', { min: 0, max: 65_535, isWhole: true }) ?? 0, host)
    const unadvertise = invocation.flag('advertise') ? advertiseAt(invocation, port) : undefined
    // One line that a program can read too: the last word is the address.
    process.stdout.write(`trainer ready at ${host}:${port}\n`)
    invocation.say(`ride on it: gruppetto bridge --dircon ${host === '0.0.0.0' ? 'ADDRESS' : host}:${port} --name NAME`)

    const ended = Promise.withResolvers<void>()
    invocation.signal.addEventListener('abort', () => ended.resolve(), { once: true })
    const stop =
      records === undefined
        ? steady(trainer, steadyW ?? 0)
        : replaying(invocation, trainer, server, records, () => {
            if (invocation.flag('once')) ended.resolve()
          })
    await ended.promise
    stop()
    await unadvertise?.()
    await server.close()
    return 0
  },
}

async function recordsOf(invocation: Invocation): Promise<readonly RideRecord[] | undefined> {
  const file = invocation.text('ride')
  if (file === undefined) return undefined
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw new UsageError(`${file} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
  }
  const ride = readFit(bytes, file)
  if (!ride.ok) throw new UsageError(ride.error)
  const { records } = ride.value
  const range = { min: 1, max: records.length, isWhole: true }
  const from = invocation.number('from', range) ?? 1
  const to = invocation.number('to', range) ?? records.length
  if (from > to) throw new UsageError(`--from ${from} is behind --to ${to}.`)
  return records.slice(from - 1, to)
}

async function listening(server: DirconServer, port: number, host: string): Promise<number> {
  try {
    return await server.listen(port, host)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UsageError(`--host ${host} is no address of this machine; 0.0.0.0 listens on all of them.`)
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${code ?? 'unknown reason'})`
    throw new UsageError(`port ${port} at ${host} ${reason}; choose another with --port, or --port 0 for a free one.`)
  }
}

function advertiseAt(invocation: Invocation, port: number): () => Promise<void> {
  const addresses = Object.values(networkInterfaces())
    .flatMap((rows) => rows ?? [])
    .filter((row) => row.family === 'IPv4' && !row.internal)
    .map((row) => row.address)
  const name = invocation.text('name') ?? 'Gruppetto trainer'
  return advertise({ name, port, addresses, services: ['0x1826', '0x180D', '0x1818'], serialNumber: '1' })
}

function steady(trainer: SimulatedTrainer, watts: number): () => void {
  const legs = new SteadyLegs(trainer, systemClock, watts)
  legs.start()
  return () => legs.stop()
}

function replaying(
  invocation: Invocation,
  trainer: SimulatedTrainer,
  server: DirconServer,
  records: readonly RideRecord[],
  onEnd: () => void,
): () => void {
  const first = records[0]!
  const durationS = records.at(-1)!.atS - first.atS + 1
  const replay = new Replay({
    records,
    clock: systemClock,
    speed: invocation.number('speed', { min: 0.1, max: 100 }) ?? 1,
    onLegs(legs, sinceS, index) {
      trainer.show(legs, sinceS)
      invocation.progress(index, records.length, `${legs.powerW} W`)
    },
    onEnd() {
      invocation.say(`the recording has ended: ${records.length} records, ${durationS} s`)
      onEnd()
    },
  })
  let hasStarted = false
  trainer.peripheral.onSubscriptions = () => {
    if (hasStarted || server.subscriberCount(GATT.indoorBikeData) === 0) return
    hasStarted = true
    invocation.say(`an app listens; playing ${records.length} records, ${durationS} s`)
    replay.start()
  }
  return () => replay.stop()
}

const inWords = (target: TrainerTarget): string =>
  target.mode === 'power'
    ? `target: ${target.powerW} W`
    : `target: grade ${(target.gradeFraction * 100).toFixed(1).replace('-', '−')} %`
