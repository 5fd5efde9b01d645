import { addressText } from '#bridges/dircon/client'
import type { DirconServer } from '#bridges/dircon/server'
import { GATT } from '#bridges/core/gatt'
import type { LegsModel } from '#bridges/trainer-sim/legs-models'
import { SteadyRider } from '#bridges/trainer-sim/legs-models'
import { Replay, type RideRecord } from '#bridges/trainer-sim/replay'
import { Riding } from '#bridges/trainer-sim/riding'
import type { SimulatedTrainer, TrainerTarget } from '#bridges/trainer-sim/trainer'
import { systemClock } from '#server/clock'
import type { Command, Invocation } from './command.ts'
import { hostOf, openAntStream, openDevices } from './trainer-sim/devices.ts'
import { faultLines, riderOf } from './trainer-sim/rider.ts'

/** The port trainers mostly use. */
const PORT = '36866'
/** As fast as 200 W on the flat: a rider who rides already when the first app listens. */
const ROLLING_MPS = 7

export const command: Command = {
  name: 'trainer-sim',
  summary: 'a simulated trainer on the network: physics, legs and faults, or a recorded ride',
  options: [
    { name: 'ride', value: 'FILE.fit', summary: 'replay the records of this ride' },
    {
      name: 'watts',
      value: 'N',
      summary: 'push N watts for ever; hold the cadence where an app holds the watts; 200 where no rider is named',
    },
    { name: 'script', value: 'FILE', summary: 'ride as this text says: "at 30s cadence 60", a line each' },
    {
      name: 'rider',
      value: 'KIND',
      summary: 'with --watts: steady, fading (N watts for long, then no more) or stopping',
    },
    { name: 'cadence', value: 'RPM', summary: 'with --watts: what the legs like to turn', default: '90' },
    { name: 'fault', value: 'FAULT', summary: 'what goes wrong, NAME[:VALUE][@FROM[-TO]]; see below', repeated: true },
    { name: 'seed', value: 'N', summary: 'of the dice of noise, losses and spikes', default: '1' },
    { name: 'inertia', value: 'KGM2', summary: 'of the flywheel, at the rear axle', default: '4.5' },
    {
      name: 'speaks',
      value: 'LIST',
      summary: 'of trainer, power, heart, cadence, tacx',
      default: 'trainer,heart,power',
    },
    {
      name: 'many',
      value: 'N',
      summary: 'N devices of one rider at N ports: the trainer, then exact meters, straps, cadence sensors',
    },
    { name: 'from', value: 'REC', summary: 'first record to play, counted from 1; the first by default' },
    { name: 'to', value: 'REC', summary: 'last record to play; the last of the file by default' },
    { name: 'speed', value: 'X', summary: 'play X times as fast; as it was ridden by default' },
    { name: 'once', summary: 'exit when the recording has ended' },
    { name: 'host', value: 'ADDRESS', summary: 'where to listen; 127.0.0.1, with --advertise 0.0.0.0 by default' },
    { name: 'port', value: 'N', summary: 'TCP port; 0 takes a free one', default: PORT },
    { name: 'ant-tcp', value: 'N', summary: 'the same trainer as ANT+ FE-C and power: serial frames at this TCP port' },
    { name: 'mass', value: 'KG', summary: 'rider and bicycle, for the force of a road', default: '83' },
    { name: 'name', value: 'NAME', summary: 'name to advertise', default: 'Gruppetto trainer' },
    { name: 'advertise', summary: 'make it known on the local network (mDNS), so that apps and bridges find it' },
  ],
  details: [
    'The recording begins when the first app listens, so that its first second is not lost.',
    'Faults, with the value each has unless you give another. Those with a moment strike at 30 s unless told @FROM:',
    ...faultLines(),
    'Examples:',
    '  gruppetto trainer-sim --advertise',
    '  gruppetto trainer-sim --ride ride.fit --from 601 --to 660 --once',
    '  gruppetto trainer-sim --watts 220 --port 0 --fault dropout:20s@1m --fault bias:-3%',
    '  gruppetto trainer-sim --watts 250 --rider fading --ant-tcp 8200',
  ].join('\n'),

  async run(invocation) {
    const rider = await riderOf(invocation)
    const seed = invocation.number('seed', { min: 0, max: 0xffff_ffff, isWhole: true }) ?? 1
    const inertiaKgm2 = invocation.number('inertia', { min: 0.1, max: 50 }) ?? 4.5
    let said = '' // The road changes by hundredths several times a second; a person reads tenths.
    const devices = await openDevices(invocation, {
      massKg: invocation.number('mass', { min: 30, max: 250 }) ?? 83,
      seed,
      faults: rider.faults,
      spec: { inertiaKgm2, startMps: rider.legs instanceof SteadyRider ? ROLLING_MPS : 0 },
      onTarget: (target) => {
        const words = inWords(target)
        if (words !== said) invocation.say(words)
        said = words
      },
    })
    const [first] = devices
    const { trainer, server, port } = first!
    const host = hostOf(invocation)
    // One line that a program can read too: the last word is the address.
    process.stdout.write(`trainer ready at ${addressText({ host, port })}\n`)
    for (const device of devices.slice(1))
      process.stdout.write(`sensor ready at ${addressText({ host, port: device.port })}\n`)
    const closeAnt = await openAntStream(invocation, trainer)
    const reached = host === '0.0.0.0' || host === '::' ? `ADDRESS:${port}` : addressText({ host, port })
    const found = invocation.flag('advertise') ? '' : ` --dircon ${reached}`
    invocation.say(`ride on it: gruppetto bridge${found} --name NAME`)

    const ended = Promise.withResolvers<void>()
    invocation.signal.addEventListener('abort', () => ended.resolve(), { once: true })
    const onceOver = (): void => {
      if (invocation.flag('once')) ended.resolve()
    }
    const sensors = devices.slice(1).map((device) => device.trainer)
    const stop =
      rider.records === undefined
        ? riding({ trainer, sensors, legs: rider.legs! }, rider.endS, () => ended.resolve())
        : replaying(invocation, { trainer, sensors, server }, rider.records, onceOver)
    await ended.promise
    stop()
    await closeAnt?.()
    await Promise.all(devices.map((device) => device.close()))
    return 0
  },
}

interface Bench {
  readonly trainer: SimulatedTrainer
  /** On the same rider. */
  readonly sensors: readonly SimulatedTrainer[]
}

function riding(bench: Bench & { readonly legs: LegsModel }, endS = Infinity, onEnd = (): void => {}): () => void {
  const onBeat = (atS: number): void => {
    if (atS >= endS) onEnd()
  }
  const beats = new Riding({ ...bench, clock: systemClock, onBeat })
  beats.start()
  return () => beats.stop()
}

function replaying(
  invocation: Invocation,
  { trainer, sensors, server }: Bench & { readonly server: DirconServer },
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
      for (const device of [trainer, ...sensors]) device.show(legs, sinceS)
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

function inWords(target: TrainerTarget): string {
  if (target.mode === 'power') return `target: ${target.powerW} W`
  if (target.mode === 'resistance') return `target: ${Math.round(target.share * 100)} % of the brake`
  return `target: grade ${(target.gradeFraction * 100).toFixed(1).replace('-', '−')} %`
}
