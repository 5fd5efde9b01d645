import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { until } from '#test/support/until'
import { systemClock } from '#server/clock'
import { GATT } from '../core/gatt.ts'
import { encodeControlRequest } from '../core/profiles/control-point.ts'
import { SteadyRider } from '../trainer-sim/legs-models.ts'
import { SimulatedTrainer } from '../trainer-sim/trainer.ts'
import { DirconClient } from './client.ts'
import { DirconServer } from './server.ts'

/** The other end by somebody else: incyclist-devices (MIT) speaks DIRCON and FTMS with code that is not ours. */
interface ForeignSensor {
  startSensor(): Promise<boolean>
  subscribe(): Promise<boolean>
  stopSensor(): Promise<boolean>
  requestControl(): Promise<boolean>
  setTargetPower(watts: number): Promise<boolean>
  setIndoorBikeSimulation(windMps: number, gradePercent: number, crr: number, cw: number): Promise<boolean>
  on(event: 'data', listener: (data: Record<string, unknown>) => void): void
}
interface ForeignInterface {
  setBinding(binding: object): void
  createPeripheral(announcement: object): { disconnect(): Promise<boolean> }
}

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

test('an app by others pairs with the simulated trainer, reads its watts, sets its grade and holds watts by it', async () => {
  const trainer = new SimulatedTrainer()
  const server = new DirconServer(trainer.peripheral)
  const port = await server.listen(0, '127.0.0.1')
  cleanups.push(() => server.close())

  // Two files of the package, not its front door: that one brings serial ports and more along.
  const load = createRequire(import.meta.url)
  const root = load.resolve('incyclist-devices').replace(/lib[/\\]cjs[/\\]index\.js$/, '')
  const { default: DirectConnect } = load(`${root}lib/cjs/direct-connect/base/interface.js`) as {
    default: { getInstance(props: object): ForeignInterface }
  }
  const { default: FitnessMachine } = load(`${root}lib/cjs/ble/fm/sensor.js`) as {
    default: new (peripheral: object) => ForeignSensor
  }
  const mdns = { connect() {}, disconnect() {}, find() {} }
  const app = DirectConnect.getInstance({})
  app.setBinding({ mdns, net: { createSocket: () => new Socket() } })
  const peripheral = app.createPeripheral({
    name: 'Gruppetto trainer',
    address: '127.0.0.1',
    port,
    type: 'wahoo-fitness-tnp',
    protocol: 'tcp',
    serviceUUIDs: ['1826'],
  })
  cleanups.push(() => peripheral.disconnect())
  const sensor = new FitnessMachine(peripheral)
  const heard: Record<string, unknown>[] = []
  sensor.on('data', (data) => heard.push({ ...data }))

  expect(await sensor.startSensor()).toBe(true)
  cleanups.push(() => sensor.stopSensor())
  expect(await sensor.subscribe()).toBe(true)
  await until('its subscription', () => server.subscriberCount(GATT.indoorBikeData) > 0)
  trainer.show({ powerW: 247, cadenceRpm: 91, heartRateBpm: 151, speedMps: 9.5 }, 1)
  await until('its watts', () => heard.some((data) => data['instantaneousPower'] === 247))
  expect(heard.at(-1)).toMatchObject({ instantaneousPower: 247, cadence: 91, heartrate: 151, speed: 34.2 })

  expect(await sensor.requestControl()).toBe(true)
  expect(await sensor.setIndoorBikeSimulation(0, 4.5, 0.004, 0.51)).toBe(true)
  expect(trainer.target).toMatchObject({ mode: 'simulation', gradeFraction: 0.045 })

  expect(await sensor.setTargetPower(255)).toBe(true)
  expect(trainer.target).toEqual({ mode: 'power', powerW: 255 })
  const legs = new SteadyRider({ powerW: 150 })
  await until('the watts held', () => {
    trainer.step(legs, 0.25)
    return heard.at(-1)!['instantaneousPower'] === 255
  })

  // Another app takes control: this one is told, and asks again.
  const other = new DirconClient({
    ...{ host: '127.0.0.1', port, clock: systemClock, onState: () => {} },
    onLink(link) {
      void link
        .subscribe(GATT.controlPoint, () => {})
        .then(() => link.write(GATT.controlPoint, encodeControlRequest({ op: 'request-control' })))
    },
  })
  cleanups.push(() => other.close())
  const before = trainer.desk.controller
  other.start()
  await until('the other in control', () => trainer.desk.controller !== before)
  expect(await sensor.setTargetPower(180)).toBe(false)
  expect(trainer.target).toEqual({ mode: 'power', powerW: 255 })
})
