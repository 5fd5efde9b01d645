import { afterEach, expect, test } from 'vitest'
import { hastyClock } from '#test/support/hasty-clock'
import { until } from '#test/support/until'
import { GATT, type GattLink } from '../core/gatt.ts'
import { SimulatedTrainer } from '../trainer-sim/trainer.ts'
import { DirconClient } from './client.ts'
import { DeviceFinder } from './discovery.ts'
import { advertise, DIRCON_SERVICE, type FoundTrainer } from './mdns-records.ts'
import { MulticastBus } from './multicast-bus.ts'
import { DirconServer } from './server.ts'

const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function trainerAt(bus: MulticastBus, options: { name: string; serialNumber: string; host?: string }) {
  const { host = '127.0.0.1', ...said } = options
  const trainer = new SimulatedTrainer()
  const server = new DirconServer(trainer.peripheral)
  const port = await server.listen(0, host)
  const end = advertise({ ...said, port, addresses: [host], services: ['0x1826'] }, bus.join())
  cleanups.push(() => server.close())
  return { trainer, server, port, end, isHeard: () => server.subscriberCount(GATT.indoorBikeData) > 0 }
}

const clock = hastyClock(5)

/** What carriers do with a finder: a client for each that is wanted, which asks again where it is. */
function network(bus: MulticastBus, wants: (trainer: FoundTrainer) => boolean = () => true) {
  const links: GattLink[] = []
  const states: string[] = []
  const connectTo = (trainer: Pick<FoundTrainer, 'id' | 'name' | 'host' | 'port'>): void => {
    const { id, name, host, port } = trainer
    const client = new DirconClient({
      ...{ clock, id, name, host, port, onState: (sentence) => states.push(sentence) },
      lookUp: () => finder.lookUp(id),
      onLink(link) {
        links.push(link)
        void link.subscribe(GATT.indoorBikeData, () => {})
      },
    })
    cleanups.push(() => client.close())
    client.start()
  }
  const finder: DeviceFinder = new DeviceFinder(
    clock,
    (trainer) => {
      if (wants(trainer)) connectTo(trainer)
    },
    bus.join(),
  )
  cleanups.push(() => finder.close())
  finder.start()
  return { finder, links, states, connectTo }
}

test('[B71] several trainers are found, each with an id that is its own', async () => {
  const bus = new MulticastBus()
  const first = await trainerAt(bus, { name: 'Turbo 7', serialNumber: '4711' })
  const second = await trainerAt(bus, { name: 'Turbo 8', serialNumber: '4712' })
  const { links } = network(bus)
  await until('both', () => first.isHeard() && second.isHeard())
  expect(new Map(links.map((link) => [link.id, link.name]))).toEqual(
    new Map([
      ['dircon:4711', 'Turbo 7'],
      ['dircon:4712', 'Turbo 8'],
    ]),
  )
})

test('[B71] a trainer that has moved to another address is found there, with the same id, and nothing is doubled', async () => {
  const bus = new MulticastBus()
  const before = await trainerAt(bus, { name: 'Turbo 7', serialNumber: '4711' })
  const { links, states } = network(bus)
  await until('the link', () => before.isHeard())
  // No goodbye: its power was cut. The new address answers on another host of loopback.
  await before.server.close()
  const after = await trainerAt(bus, { name: 'Turbo 7', serialNumber: '4711', host: '127.0.0.2' })
  await until('the link at the new address', () => after.isHeard())
  expect(links.map((link) => link.id)).toEqual(['dircon:4711', 'dircon:4711'])
  expect(states).toContain(`Turbo 7 is at 127.0.0.2:${after.port} now`)
  expect(after.server.connectionCount).toBe(1)
})

test('[B71] an address of another day that is another trainer now: the right one is taken', async () => {
  const bus = new MulticastBus()
  const other = await trainerAt(bus, { name: 'Turbo 8', serialNumber: '4712' })
  const meant = await trainerAt(bus, { name: 'Turbo 7', serialNumber: '4711', host: '127.0.0.2' })
  const { connectTo } = network(bus, () => false)
  connectTo({ id: 'dircon:4711', name: 'Turbo 7', host: '127.0.0.1', port: other.port })
  await until('the one that is meant', () => meant.isHeard() && other.server.connectionCount === 0)
})

test('[B71] one that answers piecemeal is asked for the rest; of IPv6 an address that needs no interface is taken', async () => {
  const bus = new MulticastBus()
  const trainer = new SimulatedTrainer()
  const server = new DirconServer(trainer.peripheral)
  const port = await server.listen(0, '::1')
  cleanups.push(() => server.close())
  const instance = `Turbo 9.${DIRCON_SERVICE}`
  const piecemeal = bus.join()
  piecemeal.on('query', ({ questions = [] }) => {
    for (const { name, type } of questions) {
      if (type === 'PTR') piecemeal.respond({ answers: [{ name, type: 'PTR', ttl: 120, data: instance }] })
      if (type === 'SRV')
        piecemeal.respond({ answers: [{ name: instance, type: 'SRV', ttl: 120, data: { port, target: 'T9.local' } }] })
      if (type === 'TXT')
        piecemeal.respond({
          answers: [{ name: instance, type: 'TXT', ttl: 120, data: [Buffer.from('Serial-Number=99'), 'x'] }],
        })
      if (type === 'A') {
        piecemeal.respond({ answers: [{ name: 't9.local', type: 'AAAA', ttl: 120, data: '::1' }] })
      }
    }
  })
  const { links, states } = network(bus)
  await until('the link', () => links.length === 1)
  expect(links[0]).toMatchObject({ id: 'dircon:99', name: 'Turbo 9' })
  expect(states).toContain(`looking for Turbo 9 at [::1]:${port}`)
})

test('[B71] goodbye forgets a trainer; a crowd of names does not fill the memory', async () => {
  const bus = new MulticastBus()
  const { finder: own } = network(bus, () => false)
  const { end } = await trainerAt(bus, { name: 'Turbo 7', serialNumber: '4711' })
  expect(own.found.map((t) => t.id)).toEqual(['dircon:4711'])
  await end()
  expect(own.found).toEqual([])
  const crowd = bus.join()
  for (let i = 0; i < 3000; i++) {
    const name = `T${i}.${DIRCON_SERVICE}`
    crowd.respond({
      answers: [{ name, type: 'SRV', ttl: 120, data: { port: 36_866, target: `t${i}.local` } }],
      additionals: [
        { name, type: 'TXT', ttl: 120, data: [`serial-number=${i}`] },
        { name: `t${i}.local`, type: 'A', ttl: 120, data: '10.0.0.1' },
      ],
    })
  }
  expect(own.found.length).toBeLessThanOrEqual(64)
  expect(bus.queries.flatMap((q) => q.questions ?? []).length).toBeLessThan(200)
})
