import { afterEach, expect, test } from 'vitest'
import { hastyClock } from '#test/support/hasty-clock'
import { until } from '#test/support/until'
import { GATT, type GattLink } from '../core/gatt.ts'
import { SimulatedTrainer } from '../trainer-sim/trainer.ts'
import { advertise, DIRCON_SERVICE } from './mdns-records.ts'
import { MulticastBus } from './multicast-bus.ts'
import { DirconNetwork, type DirconNetworkOptions } from './network.ts'
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

function network(bus: MulticastBus, options: Partial<DirconNetworkOptions> = {}) {
  const links: GattLink[] = []
  const states: string[] = []
  const own = new DirconNetwork({
    clock: hastyClock(5),
    mdns: bus.join(),
    onLink(link) {
      links.push(link)
      void link.subscribe(GATT.indoorBikeData, () => {})
    },
    onState: (sentence) => states.push(sentence),
    ...options,
  })
  cleanups.push(() => own.close())
  own.start()
  return { own, links, states }
}

test('[B71] of several trainers the wanted ones are connected to, each with an id that is its own', async () => {
  const bus = new MulticastBus()
  const first = await trainerAt(bus, { name: 'Turbo 7', serialNumber: '4711' })
  const second = await trainerAt(bus, { name: 'Turbo 8', serialNumber: '4712' })
  const { links } = network(bus, { wants: () => true })
  await until('both', () => first.isHeard() && second.isHeard())
  expect(new Map(links.map((link) => [link.id, link.name]))).toEqual(
    new Map([
      ['dircon:4711', 'Turbo 7'],
      ['dircon:4712', 'Turbo 8'],
    ]),
  )
  const alone = network(bus)
  await until('one of them', () => alone.links.length === 1)
  await until('the other told', () => alone.states.some((s) => s.endsWith('is there too; it is left alone')))
  expect(alone.links.length).toBe(1)
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
  const { own } = network(bus, { wants: () => false })
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
