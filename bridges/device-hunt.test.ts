import { expect, test } from 'vitest'
import type { GattLink } from './core/gatt.ts'
import { DeviceHunt, type Hunted, type Way } from './device-hunt.ts'
import { type ClientOptions, NetworkCarrier } from './network-carrier.ts'
import type { CarrierEvents } from './ride-bridge.ts'
import type { KnownDevice } from './rider-memory.ts'

const TRAINER: KnownDevice = {
  ...{ id: 'dircon:One', name: 'One', carrier: 'network', source: 'trainer', isTrainer: true },
  ...{ host: '10.0.0.4', port: 36_866 },
}

function hunt(known: readonly KnownDevice[], options: { takesNew?: boolean; isChosen?: boolean } = {}) {
  const said: string[] = []
  const log: string[] = []
  const hunted: Hunted[] = []
  const way = (name: string, opens: Promise<boolean>): Way => ({
    name,
    async open(_events, asked) {
      hunted.push(asked)
      if (!(await opens)) return { ok: false, sentence: `${name} is not there` }
      const carrier = {
        start: () => void log.push(`${name} started`),
        close: () => Promise.resolve(void log.push(`${name} closed`)),
        forget: (id: string) => void log.push(`${name} forgot ${id}`),
      }
      return { ok: true, carrier }
    },
  })
  const slow = Promise.withResolvers<boolean>()
  const it = new DeviceHunt({
    ways: [way('network', Promise.resolve(true)), way('Bluetooth', slow.promise), way('ANT+', Promise.resolve(false))],
    events: { onState: (sentence: string) => void said.push(sentence) } as unknown as CarrierEvents,
    known: () => Promise.resolve(known),
    takesNew: options.takesNew ?? false,
    isChosen: options.isChosen ?? false,
    onNone: () => void log.push('none'),
  })
  return { it, said, log, hunted, slow }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('[B116] all ways are opened at once: a radio that takes its time keeps no trainer waiting', async () => {
  const { it, said, log, slow } = hunt([])
  it.start()
  await settled()
  expect(log).toEqual(['network started'])
  slow.resolve(true)
  await settled()
  expect(log).toEqual(['network started', 'Bluetooth started'])
  expect(said).toEqual(['not looked for by ANT+; gruppetto doctor says why'])
  it.forget('x')
  await it.close()
  expect(log.slice(2)).toEqual(['network forgot x', 'Bluetooth forgot x', 'network closed', 'Bluetooth closed'])
})

test('[B116] a way that was asked for says in full why it is none; one that opens after goodbye is closed', async () => {
  const { it, said, log, slow } = hunt([], { isChosen: true })
  it.start()
  await settled()
  expect(said).toEqual(['ANT+ is not there'])
  expect(log).toEqual(['network started'])
  const closing = it.close()
  slow.resolve(true)
  await closing
  expect(log).toEqual(['network started', 'Bluetooth closed', 'network closed'])
})

test('[B116] where each way that was asked for is closed, no device will come, and the bridge is told', async () => {
  const log: string[] = []
  const hunt = (isChosen: boolean) =>
    new DeviceHunt({
      ways: [{ name: 'ANT+', open: () => Promise.resolve({ ok: false, sentence: 'no stick' }) }],
      events: { onState: (sentence: string) => void log.push(sentence) } as unknown as CarrierEvents,
      ...{ known: () => Promise.resolve([]), takesNew: true, isChosen, onNone: () => void log.push('none') },
    })
  hunt(true).start()
  await settled()
  expect(log).toEqual(['no stick', 'none'])
  hunt(false).start()
  await settled()
  expect(log.slice(2)).toEqual(['not looked for by ANT+; gruppetto doctor says why'])
})

test('[B116] who is known from another day is connected to and nobody else, unless the rider says so', async () => {
  for (const [known, takesNew, expected] of [
    [[], false, true],
    [[TRAINER], false, false],
    [[TRAINER], true, true],
  ] as const) {
    const { it, hunted, slow } = hunt(known, { takesNew })
    slow.resolve(true)
    it.start()
    await settled()
    expect(hunted.map((each) => each.takesNew)).toEqual([expected, expected, expected])
    await it.close()
  }
})

function network(options: { known?: readonly KnownDevice[]; takesNew: boolean; name?: string; now?: string }) {
  const clients: ClientOptions[] = []
  const said: string[] = []
  const closed: string[] = []
  const known: unknown[] = []
  let found: (name: string) => void = () => {}
  const carrier = new NetworkCarrier({
    known: (options.known ?? []).map(({ id, name, host, port }) => ({ id, name, host: host!, port: port! })),
    takesNew: options.takesNew,
    name: options.name,
    makeFinder(onFound) {
      found = (name) => onFound({ id: `dircon:${name}`, name, host: '10.0.0.9', port: 1 })
      return {
        start() {},
        lookUp: (id) =>
          Promise.resolve(options.now === undefined ? undefined : { id, name: '', host: options.now, port: 2 }),
        close: () => Promise.resolve(void closed.push('finder')),
      }
    },
    makeClient(made) {
      clients.push(made)
      return { start() {}, close: () => Promise.resolve(void closed.push(made.name)) }
    },
    onLink: () => {},
    onState: (sentence) => void said.push(sentence),
    onKnown: (trainer) => void known.push(trainer),
  })
  carrier.start()
  return { carrier, clients, said, closed, known, found }
}

test('[B116] on the network a known trainer is where it was, or where the network says it is now', async () => {
  const { clients, known, found, said } = network({ known: [TRAINER], takesNew: false, now: '10.0.0.1' })
  found('Two')
  expect(said).toEqual(['also on the network: Two; --new takes it'])
  expect(clients.map(({ name, host }) => `${name} ${host}`)).toEqual(['One 10.0.0.4'])
  expect(await clients[0]!.lookUp()).toMatchObject({ host: '10.0.0.1' })
  clients[0]!.onLink({} as GattLink)
  expect(known).toEqual([{ id: 'dircon:One', name: 'One', host: '10.0.0.1', port: 2 }])
})

test('[B116] a new trainer is the first that answers; others are named once, and one let go is not taken again', async () => {
  const { carrier, clients, said, closed, found } = network({ takesNew: true })
  for (const name of ['One', 'Two', 'One', 'Two']) found(name)
  expect(clients.map(({ id }) => id)).toEqual(['dircon:One'])
  expect(said).toEqual(['also on the network: Two; --device NAME chooses'])
  carrier.forget('dircon:One')
  found('One')
  expect(clients).toHaveLength(1)
  await carrier.close()
  expect(closed).toEqual(['One', 'finder'])
  const chosen = network({ takesNew: true, name: 'tw' })
  chosen.found('One')
  chosen.found('Two')
  expect(chosen.clients.map(({ name }) => name)).toEqual(['Two'])
})
