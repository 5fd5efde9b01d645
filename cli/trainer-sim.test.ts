import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { FAULTS } from '#bridges/trainer-sim/faults'
import { DirconClient } from '#bridges/dircon/client'
import { GATT, type GattLink } from '#bridges/core/gatt'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { systemClock } from '#server/clock'
import { invocation, withFile } from '#test/support/invocation'
import { until } from '#test/support/until'
import { command } from './trainer-sim.ts'
import { hostOf } from './trainer-sim/devices.ts'

afterEach(() => vi.restoreAllMocks())

const asked = (options: Readonly<Record<string, string>>, faults: readonly string[] = []) => ({
  ...invocation([], { port: '0', ...options }),
  all: (name: string) => (name === 'fault' ? faults : []),
})

/** Runs it until `use` is done; gives the addresses that it printed. */
async function running(
  options: Readonly<Record<string, string>>,
  faults: readonly string[],
  use: (said: () => readonly string[]) => Promise<void>,
): Promise<void> {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text).trim()) > 0)
  const over = new AbortController()
  const end = command.run({ ...asked(options, faults), signal: over.signal })
  try {
    await use(() => lines)
  } finally {
    over.abort()
  }
  expect(await end).toBe(0)
}

describe('gruppetto trainer-sim', () => {
  test('[B77] --help and docs/simulator.md name every fault', () => {
    const page = readFileSync(new URL('../docs/simulator.md', import.meta.url), 'utf8')
    for (const { name, summary } of FAULTS) {
      expect(command.details).toMatch(new RegExp(`^  ${name}(:[0-9]+[a-zA-Z%]*)? +`, 'm'))
      expect(command.details).toContain(summary)
      expect(page).toMatch(new RegExp(`\`${name}(:[0-9]+[a-zA-Z%]*)?\``))
    }
  })

  test('[B151] what is made known on the network is reached from the network', () => {
    expect(hostOf(asked({}))).toBe('127.0.0.1')
    expect(hostOf({ ...asked({}), flag: (name) => name === 'advertise' })).toBe('0.0.0.0')
    expect(hostOf({ ...asked({ host: '192.0.2.7' }), flag: (name) => name === 'advertise' })).toBe('192.0.2.7')
    for (const host of ['127.0.0.1', '127.0.1.1', '::1', 'localhost'])
      expect(() => hostOf({ ...asked({ host }), flag: (name) => name === 'advertise' })).toThrow(
        `--advertise names it to other machines, which cannot reach ${host}; leave out --host, or name another address.`,
      )
  })

  test('what is asked wrongly is told in a sentence', async () => {
    const wrong = async (options: Readonly<Record<string, string>>, faults?: readonly string[]) =>
      command.run(asked(options, faults)).then(
        () => 'nothing',
        (error: Error) => error.message,
      )
    expect(await wrong({ watts: '200', script: 'x' })).toBe('one rider at a time: leave out --script, or --watts.')
    expect(await wrong({ watts: '200', from: '3' })).toBe('--from is for a recording; give it as --ride FILE.fit.')
    expect(await wrong({ watts: '200' }, ['dropuot'])).toMatch(
      /^--fault dropuot: no fault is called dropuot; there are /,
    )
    expect(await wrong({ watts: '200', rider: 'lazy' })).toBe('--rider lazy is not one of steady, fading, stopping.')
    expect(await wrong({ watts: '200', speaks: 'trainer,fax' })).toMatch(/^--speaks fax is not one of trainer, /)
    expect(await wrong({ watts: '200', host: '203.0.113.9' })).toMatch(/^--host 203.0.113.9 is no address/)
    await withFile('ride.txt', 'at 1s\n', async (file) => {
      expect(await wrong({ script: file })).toBe(`${file}, line 1: says when and not what.`)
    })
  })

  test('many devices of one rider at ports of their own, and the first as ANT frames', async () => {
    await running({ watts: '200', many: '4', 'ant-tcp': '0' }, ['bias:50%'], async (said) => {
      await until('all of them', () => said().length === 5)
      expect(said().map((line) => line.replace(/\d+$/, 'N'))).toEqual([
        'trainer ready at 127.0.0.1:N',
        ...Array.from({ length: 3 }, () => 'sensor ready at 127.0.0.1:N'),
        'ANT frames at 127.0.0.1:N',
      ])
      const links: GattLink[] = []
      const clients = said()
        .slice(0, 4)
        .map((line) => {
          const port = Number(line.split(':').at(-1))
          const onLink = (link: GattLink): void => void links.push(link)
          return new DirconClient({ host: '127.0.0.1', port, clock: systemClock, onState: () => {}, onLink })
        })
      for (const client of clients) client.start()
      await until('four links', () => links.length === 4)
      // They are of one rider: the meter says the trainer's watts without its bias.
      const meter = links.find((link) => link.services.size === 1 && link.services.has(GATT.cyclingPower))!
      const trainer = links.find((link) => link.services.size === 3)!
      const watts: Record<string, number> = {}
      await meter.subscribe(GATT.powerMeasurement, (bytes) => (watts['meter'] = bytes[2]! | (bytes[3]! << 8)))
      await trainer.subscribe(GATT.indoorBikeData, (bytes) => {
        const got = decodeIndoorBikeData(bytes)
        if (got.ok) watts['trainer'] = got.value.powerW!
      })
      await until('watts', () => watts['meter'] === 200 && watts['trainer']! > 230)
      await Promise.all(clients.map((client) => client.close()))
      expect(links.map((link) => link.services.size).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 3])
    })
  })

  test('[B78] a script that ends, ends it', async () => {
    await withFile('ride.txt', 'at 0s power 200\nat 1s end\n', async (file) => {
      vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
      expect(await command.run(asked({ script: file }))).toBe(0)
    })
  })
})
