import { expect, test } from 'vitest'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { BluetoothDevices } from './bluetooth-devices.ts'

class Memory {
  readonly items = new Map<string, string>()
  getItem(key: string): string | null {
    return this.items.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value)
  }
}

function deviceOf(id: string, name: string): BluetoothDevice {
  const gatt = {
    connected: true,
    connect: async () => gatt,
    disconnect: () => {},
    getPrimaryServices: async () => [{ uuid: `service of ${name}`, getCharacteristics: async () => [] }],
  }
  return Object.assign(new EventTarget(), { id, name, gatt }) as unknown as BluetoothDevice
}

/** A page: what is chosen comes from a list, and each chooser uses up the click. */
function open(memory: Memory, options: { choices?: BluetoothDevice[]; clicks?: number; given?: BluetoothDevice[] }) {
  const asked: unknown[] = []
  const linked: string[] = []
  let clicks = options.clicks ?? Infinity
  const bluetooth = Object.assign(new EventTarget(), {
    requestDevice: async (choice: { filters: { name?: string }[] }) => {
      clicks--
      asked.push(choice.filters[0]!.name)
      const chosen = options.choices?.shift()
      if (chosen === undefined) throw new DOMException('cancelled', 'NotFoundError')
      return chosen
    },
    ...(options.given ? { getDevices: async () => options.given } : {}),
  }) as unknown as Bluetooth
  const devices = new BluetoothDevices({
    ...{ bluetooth, clock: new VirtualClock(), storage: memory },
    isClicked: () => clicks > 0,
    onLink: ({ id }) => linked.push(id),
    onChange: () => {},
  })
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) await Promise.resolve()
  }
  return { devices, asked, linked, settle }
}

test('[B68] sensors are remembered: the next page knows them by name, and a click asks only for those', async () => {
  const memory = new Memory()
  const first = open(memory, { choices: [deviceOf('1', 'Turbo'), deviceOf('2', 'Strap'), deviceOf('3', 'Crank')] })
  for (const kind of ['trainer', 'heart-rate', 'power'] as const) expect((await first.devices.pair(kind)).ok).toBe(true)
  await first.settle()
  expect(first.linked).toEqual(['ble:1', 'ble:2', 'ble:3'])

  // The browser numbers them anew after each choosing, and lets one chooser through a click.
  const second = open(memory, { choices: [deviceOf('81', 'Turbo'), deviceOf('82', 'Strap')], clicks: 2 })
  await second.devices.resume()
  expect(second.devices.sensors.map(({ name, needsClick }) => [name, needsClick])).toEqual([
    ['Turbo', true],
    ['Strap', true],
    ['Crank', true],
  ])
  expect(await second.devices.reconnect()).toEqual({ state: 'click', name: 'Crank', left: 1 })
  await second.settle()
  expect(second.asked).toEqual(['Turbo', 'Strap'])
  expect(second.linked).toEqual(['ble:1', 'ble:2'])
})

test('[B68] what the browser gives back needs no click, and what is forgotten is asked for no more', async () => {
  const memory = new Memory()
  const first = open(memory, { choices: [deviceOf('1', 'Turbo'), deviceOf('2', 'Strap')] })
  await first.devices.pair('any')
  await first.devices.pair('any')
  await first.settle()
  first.devices.forget('ble:2')
  const second = open(memory, { given: [deviceOf('1', ''), deviceOf('9', 'Never paired')] })
  await second.devices.resume()
  await second.settle()
  expect(second.linked).toEqual(['ble:1'])
  expect(second.devices.sensors.map(({ name, words }) => `${name}: ${words}`)).toEqual(['Turbo: Connected'])
})

test('[B68] a memory that is not ours, or cannot be read, is an empty one', () => {
  for (const text of [
    '',
    '{',
    '{"a":1}',
    '[1,null,{"id":5}]',
    '[{"id":"a","browserId":"b","name":"","services":[]}]',
  ]) {
    const memory = new Memory()
    memory.items.set('gruppetto.sensors', text)
    expect(open(memory, {}).devices.sensors).toEqual([])
  }
})

test('a chooser that was closed says what to do', async () => {
  const { devices } = open(new Memory(), {})
  expect(await devices.pair('trainer')).toEqual({
    ok: false,
    why: 'nothing-chosen',
    message: 'No device was chosen. Wake the trainer by pedalling, then pair again.',
  })
})
