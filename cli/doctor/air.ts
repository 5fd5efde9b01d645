import type { BleAdapter, BlePeripheral } from '#bridges/ble/adapter'
import { succeeds } from '#bridges/ble/steps'
import { type BridgeClock, inTime } from '#bridges/core/clock'
import { GATT } from '#bridges/core/gatt'
import type { KnownDevice } from '#bridges/rider-memory'

/** How a device of other days stands in the air. held: it is there, and lets nobody in. */
export interface AirLook {
  readonly name: string
  readonly isTrainer: boolean
  readonly answer: 'there' | 'held' | 'unseen'
}

/** Devices say their names every second or so; one that is awake is heard by then. */
export const SEEN_MS = 6000
const CONNECT_MS = 5000
const STEP_MS = 2000
const SERVICES = [GATT.fitnessMachine, GATT.cyclingPower, GATT.speedCadence, GATT.heartRate]

/** Listens for the rider's own devices, links to each for a moment, and hangs up. Nobody else's is touched. */
export async function lookAtAir(
  adapter: BleAdapter,
  known: readonly KnownDevice[],
  clock: BridgeClock,
): Promise<readonly AirLook[]> {
  const wanted = known.filter(({ carrier }) => carrier === 'bluetooth')
  if (wanted.length === 0 || adapter.power !== 'on') return []
  const seen = new Map<string, BlePeripheral>()
  const all = Promise.withResolvers<void>()
  const services = [...new Set([...SERVICES, ...wanted.flatMap((device) => device.services ?? [])])]
  const isScanning = await inTime(
    clock,
    STEP_MS,
    succeeds(() =>
      adapter.scan(services, (peripheral) => {
        // Some change their number each day: then the name tells who they are.
        const device =
          wanted.find(({ peripheralId }) => peripheralId === peripheral.id) ??
          wanted.find(({ name }) => name !== '' && name === peripheral.name)
        if (device !== undefined) seen.set(device.id, peripheral)
        if (seen.size === wanted.length) all.resolve()
      }),
    ),
  )
  if (isScanning === true) await inTime(clock, SEEN_MS, all.promise)
  // Most radios cannot connect while they scan.
  await inTime(
    clock,
    STEP_MS,
    succeeds(() => adapter.stopScan()),
  )
  const looks: AirLook[] = []
  for (const { id, name, isTrainer } of wanted) {
    const peripheral = seen.get(id)
    looks.push({ name, isTrainer, answer: peripheral === undefined ? 'unseen' : await tryLink(peripheral, clock) })
  }
  return looks
}

async function tryLink(peripheral: BlePeripheral, clock: BridgeClock): Promise<AirLook['answer']> {
  const isIn = await inTime(
    clock,
    CONNECT_MS,
    succeeds(() => peripheral.connect()),
  )
  // Also what was given up half-way: a half-open link keeps every app out.
  await inTime(
    clock,
    STEP_MS,
    succeeds(() => peripheral.disconnect()),
  )
  return isIn === true ? 'there' : 'held'
}
