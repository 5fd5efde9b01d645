import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { fakeCadence, fakePowerMeter, fakeShifters, fakeSpeedCadence, fakeStrap } from '#bridges/ant/fake/sensors'
import { FecTrainer } from '#bridges/ant/fake/trainer'
import { encodeAntPage } from '#bridges/core/ant-page'
import { DirconServer } from '#bridges/dircon/server'
import { SimulatedTrainer } from '#bridges/trainer-sim/trainer'
import { type DevicesOrder, type DevicesWord, PERIOD_MS } from './devices.ts'

// Trainers and sensors in a process of their own, so that what they cost is not what a bridge costs.

const HOST = '127.0.0.1'
/** Each value of watts once in several minutes: it says which notification became which sample. */
const WATTS_MIN = 100
const WATTS = 1800

const [order] = (await once(process, 'message')) as [DevicesOrder]
const say = (word: DevicesWord): void => void process.send!(word)
let count = 0

const ports = await Promise.all(
  order.speaks.map(async (speaks, i) => {
    const device = new SimulatedTrainer({ speaks })
    const server = new DirconServer(device.peripheral)
    const port = await server.listen(order.ports?.[i] ?? 0, HOST)
    // Devices do not speak all at once.
    setTimeout(
      () => setInterval(() => notify(device, speaks.includes(order.marks)), PERIOD_MS),
      (i * PERIOD_MS) / order.speaks.length,
    )
    return port
  }),
)
const antPort = order.hasAnt ? await antAir() : undefined
const bare = await bareWords()
say({ word: 'listening', atNs: process.hrtime.bigint().toString(), ports, antPort, barePort: bare })

/** `isMarked`: its watts are the ones that are followed. */
function notify(device: SimulatedTrainer, isMarked: boolean): void {
  const powerW = isMarked ? WATTS_MIN + (count++ % WATTS) : 200 + (count % 7)
  const atNs = process.hrtime.bigint().toString()
  device.show({ powerW, cadenceRpm: 88, heartRateBpm: 141 }, PERIOD_MS / 1000)
  if (isMarked && order.isTold) say({ word: 'said', powerW, atNs })
}

/** A number every so often, to whoever connects: the way of a word without anything of ours. */
async function bareWords(): Promise<number> {
  const { sockets, port } = await offered()
  let number = 0
  if (order.isTold)
    setInterval(() => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(++number)
      const atNs = process.hrtime.bigint().toString()
      for (const socket of sockets) socket.write(bytes)
      say({ word: 'bare', number, atNs })
    }, PERIOD_MS)
  return port
}

/** Seven kinds of ANT+ sensors, as a stick's bytes over a socket: a quarter of a second each, one after the other. */
async function antAir(): Promise<number> {
  const crank = { cadenceRpm: 88 }
  // On the channels that the carrier gives their kinds; on channel 5 it is one that others find.
  const sensors = [
    [0, new FecTrainer({ deviceNumber: 1701, report: () => ({ powerW: 205, ...crank }), obey: () => 'success' })],
    [1, fakePowerMeter(1101, { powerW: 210, batteryStatus: 1, ...crank })],
    [2, fakeStrap(12_001, { heartRateBpm: 141, batteryPercent: 80 })],
    [3, fakeSpeedCadence(12_101, crank)],
    [4, fakeCadence(12_201, crank)],
    [6, fakeShifters(3401, { rearGear: 4, frontGear: 1 })],
    // A speed sensor's counter is laid out as a cadence sensor's.
    [7, { ...fakeCadence(12_301, crank), deviceType: 123 }],
  ] as const
  const { sockets, port } = await offered()
  for (const [channel, sensor] of sensors)
    setTimeout(
      () =>
        setInterval(() => {
          const sender = { deviceNumber: sensor.deviceNumber, deviceType: sensor.deviceType, transmissionType: 5 }
          const bytes = encodeAntPage({ channel, sender }, sensor.next(performance.now()))
          for (const socket of sockets) socket.write(bytes)
        }, PERIOD_MS),
      (channel * PERIOD_MS) / sensors.length,
    )
  return port
}

async function offered(): Promise<{ readonly sockets: ReadonlySet<Socket>; readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  const address = server.address()
  return { sockets, port: typeof address === 'object' && address !== null ? address.port : 0 }
}
