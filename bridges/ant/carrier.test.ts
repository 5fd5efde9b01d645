import { afterEach, describe, expect, test } from 'vitest'
import { AntBench, OUR_NUMBER, steadyTrainer } from '#test/support/ant-bench'
import { createRandom } from '#physics/random'
import { encodeAntFrame } from '../core/ant-frame.ts'
import { encodeAntMessage } from '../core/ant-message.ts'
import { toHex } from '../core/bytes.ts'
import { fakePowerMeter, fakeStrap } from './fake/sensors.ts'
import { readAntId } from './kinds.ts'

const benches: AntBench[] = []
function bench(): AntBench {
  const one = new AntBench()
  benches.push(one)
  return one
}
afterEach(async () => {
  for (const one of benches.splice(0)) await one.close()
})

const strap = (number: number, heartRateBpm = 140) => fakeStrap(number, { heartRateBpm, batteryPercent: 80 })
const meter = (number: number, powerW = 250) => fakePowerMeter(number, { powerW, cadenceRpm: 90, batteryStatus: 2 })
const hearts = (b: AntBench, id: string) => b.of(id).readings.map(({ reading }) => reading.heartRateBpm)

describe('a stick', () => {
  test('is asked what it can, given the key, and its first channel opened step by step', () => {
    const b = bench()
    const stick = b.stick()
    b.start({ kinds: [17] })
    b.run(500)
    expect(stick.chip.frames.map(({ id, content }) => `${id.toString(16)} ${toHex(content)}`)).toEqual([
      '4a 00',
      '4d 0054',
      '46 000102030405060708',
      '6e 0080',
      '42 000000',
      '51 0000001100',
      '45 0039',
      '43 000020',
      '44 0000',
      '63 00ff',
      '4b 00',
    ])
    expect(b.said).toEqual(['ANT+: the stick at 1-1 is ready, 8 channels'])
  })

  test('[B51] opens a channel for each of the eight kinds, with its type and period', () => {
    const b = bench()
    const stick = b.stick()
    b.start()
    b.run(1000)
    const of = (id: number) => stick.chip.frames.filter((frame) => frame.id === id)
    expect(of(0x51).map(({ content }) => content[3])).toEqual([17, 11, 120, 121, 122, 16, 34, 123])
    expect(of(0x43).map(({ content }) => content[1]! | (content[2]! << 8))).toEqual([
      ...[8192, 8182, 8070, 8086, 8102, 8192, 8192, 8118],
    ])
    // Remotes look for us, so that channel transmits, under our number.
    expect(of(0x42).map(({ content }) => content[1])).toEqual([0, 0, 0, 0, 0, 0x10, 0, 0])
    expect(toHex(of(0x51)[5]!.content)).toBe(`05${toHex(Uint8Array.of(OUR_NUMBER & 255, OUR_NUMBER >> 8))}1005`)
    expect(of(0x4b)).toHaveLength(8)
  })

  test('that refuses a step says which and why, and the channel is begun again', () => {
    const b = bench()
    const refusals = new Map([[0x51, 0x28]])
    const stick = b.stick({ refusals })
    b.start({ kinds: [17] })
    b.run(500)
    expect(b.said.at(-1)).toBe('ANT+: the stick refused step 51 for the trainer (INVALID_MESSAGE); beginning again')
    refusals.clear()
    b.air.add(steadyTrainer(34211).trainer)
    b.run(3000)
    expect(b.of('ant:17.34211').watts.length).toBeGreaterThan(0)
    expect(stick.chip.frames.filter(({ id }) => id === 0x4b)).toHaveLength(1)
  })

  test('that does not say who sends is asked whom each channel found', () => {
    const b = bench()
    b.stick({ namesSenders: false, hasQuietSearch: false })
    b.air.add(strap(77))
    b.start()
    b.run(2000)
    expect(hearts(b, 'ant:120.77').at(-1)).toBe(140)
  })

  test('[B51] that finds nobody by its quiet search uses the usual one in turns, and keeps to the one that found', () => {
    const b = bench()
    const blind = b.stick({ isQuietSearchBlind: true })
    b.air.add(strap(77))
    b.start({ kinds: [120, 17] })
    b.run(19_000)
    expect(b.heard.size).toBe(0)
    b.run(60_000)
    expect(hearts(b, 'ant:120.77').at(-1)).toBe(140)
    // The trainer is still looked for the usual way; a rider who comes late to a stick that sees is found quietly.
    const c = bench()
    const sees = c.stick()
    c.start({ kinds: [120, 17] })
    c.run(40_000)
    c.air.add(strap(77))
    c.run(60_000)
    const searches = (one: typeof blind) =>
      one.chip.frames.filter(({ id }) => id === 0x44).map(({ content }) => (content[1] === 0 ? 'quiet' : 'usual'))
    expect(searches(blind)).toEqual(['quiet', 'quiet', 'usual', 'usual'])
    expect(searches(sees)).toEqual(['quiet', 'quiet', 'usual', 'usual', 'quiet', 'quiet'])
  })

  test('[B51] that promises to say who sends, and does not, is asked whom each channel found', () => {
    const b = bench()
    const stick = b.stick()
    // The sender is cut off, and the checksum made right.
    stick.mangle = (packet) => {
      if (packet[2] !== 0x4e) return [packet]
      const page = Uint8Array.of(0xa4, 9, 0x4e, ...packet.slice(3, 12))
      return [
        Uint8Array.of(
          ...page,
          page.reduce((sum, byte) => sum ^ byte, 0),
        ),
      ]
    }
    b.air.add(strap(77))
    b.start({ kinds: [120] })
    b.run(3000)
    expect(hearts(b, 'ant:120.77').at(-1)).toBe(140)
  })

  test('[B51] whose answers get lost on the way is told again', () => {
    const b = bench()
    const stick = b.stick()
    const lost = new Set([0x54, 0x46, 0x6e, 0x42, 0x51, 0x63, 0x4b])
    stick.mangle = (packet) => {
      const about = packet[2] === 0x40 ? packet[4]! : packet[2]!
      return lost.delete(about) ? [] : [packet]
    }
    b.air.add(strap(77))
    b.start({ kinds: [120] })
    b.run(8000)
    expect([lost.size, hearts(b, 'ant:120.77').at(-1)]).toEqual([0, 140])
  })

  test('[B51] that says nothing of a channel for ten seconds has it begun anew', () => {
    const b = bench()
    const stick = b.stick()
    b.air.add(strap(77))
    b.start({ kinds: [120] })
    b.run(2000)
    stick.mangle = (packet) => (packet[2] === 0x4e ? [] : [packet])
    b.run(12_000)
    expect(b.of('ant:120.77').gone).toBe(1)
    stick.mangle = (packet) => [packet]
    b.run(2000)
    expect(b.of('ant:120.77').links).toHaveLength(2)
  })

  test('[B51] that resets itself gets its key and channels back, and the devices their links', () => {
    const b = bench()
    const stick = b.stick()
    b.air.add(strap(77))
    b.start()
    b.run(2000)
    stick.chip.restart()
    b.run(2000)
    expect([b.of('ant:120.77').links.length, b.of('ant:120.77').gone]).toEqual([2, 1])
  })

  test('[B53] that hangs is closed, opened again and found again', () => {
    const b = bench()
    const stick = b.stick()
    stick.isDeaf = true
    b.start()
    b.run(3500)
    expect(b.said).toContain('ANT+: the stick does not answer; opening it again')
    stick.isDeaf = false
    b.air.add(strap(77))
    return hanging(b, () => expect(hearts(b, 'ant:120.77')[0]).toBe(140))
  })
})

/** Closing a stick takes turns of the real event loop; virtual time waits for it. */
async function hanging(b: AntBench, then: () => void): Promise<void> {
  for (let i = 0; i < 200 && b.heard.size === 0; i++) {
    b.run(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  b.run(2000)
  then()
}

describe('a device', () => {
  test('[B51] is found by the first that is heard, named by its number, and says its battery', () => {
    const b = bench()
    b.stick()
    b.air.add(strap(77))
    b.air.add(meter(4242))
    b.start()
    b.run(30_000)
    expect([...b.heard.keys()].toSorted()).toEqual(['ant:11.4242', 'ant:120.77'])
    expect(b.of('ant:120.77').link).toMatchObject({ name: 'ANT+ heart rate strap 77', carrier: 'ant', source: 'strap' })
    expect(new Set(b.of('ant:120.77').batteries)).toEqual(new Set([80]))
    expect(new Set(b.of('ant:11.4242').batteries)).toEqual(new Set([75]))
    expect(b.of('ant:11.4242').watts.every((watts) => watts === 250)).toBe(true)
  })

  test('[B51] out of reach is lost, and comes back by itself within a second of being there again', () => {
    const b = bench()
    b.stick()
    const mine = strap(77)
    b.air.add(mine)
    b.start()
    b.run(2000)
    b.air.remove(mine)
    b.run(5000)
    expect(b.of('ant:120.77').gone).toBe(1)
    expect(b.said.at(-1)).toBe('ANT+: heart rate strap 77 is out of reach; searching for it')
    const backMs = b.clock.nowMs()
    b.air.add(mine)
    b.run(1000)
    expect(b.of('ant:120.77').links).toHaveLength(2)
    expect(b.of('ant:120.77').readings.at(-1)!.atMs).toBeGreaterThan(backMs)
  })

  test('[B52] once found is pinned: a neighbour is not taken while it is away, by whatever way the channel was lost', () => {
    for (const search of [true, false]) {
      const b = bench()
      const stick = b.stick({ hasQuietSearch: search })
      const mine = strap(77)
      b.air.add(mine)
      b.start({ kinds: [120] })
      b.run(2000)
      b.air.add(strap(78, 99))
      b.air.remove(mine)
      b.run(10_000)
      stick.chip.restart()
      b.run(10_000)
      b.air.add(mine)
      b.run(3000)
      expect([...b.heard.keys()]).toEqual(['ant:120.77'])
      expect(hearts(b, 'ant:120.77').every((bpm) => bpm === 140)).toBe(true)
      expect(b.of('ant:120.77').links.length).toBe(2)
      // The stick was told the number before it searched again.
      const told = stick.chip.frames.filter(({ id }) => id === 0x51).map(({ content }) => content[1])
      expect(told).toEqual([0, 77, 77])
    }
  })

  test('[B52] pages of another sender on a pinned channel are dropped, whatever the chip believes', () => {
    const b = bench()
    const stick = b.stick()
    b.air.add(strap(77))
    b.start({ kinds: [120] })
    b.run(2000)
    const before = hearts(b, 'ant:120.77').length
    // Channel 0, page 0 of a heart at 99, sent by strap 78.
    stick.play(
      Uint8Array.of(
        0xa4,
        0x0e,
        0x4e,
        0,
        0,
        255,
        255,
        255,
        0,
        0,
        0,
        99,
        0x80,
        78,
        0,
        120,
        1,
        0xa4 ^ 0x0e ^ 0x4e ^ 255 ^ 99 ^ 0x80 ^ 78 ^ 120 ^ 1,
      ),
    )
    expect(hearts(b, 'ant:120.77').length).toBe(before)
    b.run(3000)
    expect(new Set(hearts(b, 'ant:120.77'))).toEqual(new Set([140]))
  })

  test('[B52] named by number is the only one of its kind; other kinds take the first', () => {
    const b = bench()
    b.stick()
    b.air.add(strap(76, 99))
    b.air.add(strap(77))
    b.air.add(meter(1))
    b.start({ devices: ['ant:120.77'] })
    b.run(3000)
    expect([...b.heard.keys()].toSorted()).toEqual(['ant:11.1', 'ant:120.77'])
  })

  test('[B52] with a long number is told by its transmission type', () => {
    const b = bench()
    b.stick()
    // Number 131212 is 0x2008c: sixteen bits of it say 0x008c, the rest is in the upper four bits of the type.
    const far = { ...strap(0x8c, 99), transmissionType: 0x15 }
    const mine = { ...strap(0x8c), transmissionType: 0x25 }
    b.air.add(mine)
    b.start({ kinds: [120], devices: ['120.131212'] })
    b.air.add(far)
    b.run(5000)
    expect(new Set(hearts(b, 'ant:120.131212'))).toEqual(new Set([140]))
    expect(b.heard.size).toBe(1)
  })

  test('[B52] forgotten is passed by, and its place is for any other; if it was named, for nobody', () => {
    for (const devices of [[], ['120.77']]) {
      const b = bench()
      const stick = b.stick()
      b.air.add(strap(77))
      const carrier = b.start({ kinds: [120], devices })
      b.run(2000)
      b.air.add(strap(78, 99))
      carrier.forget('ant:120.77')
      b.run(3000)
      expect([...b.heard.keys()]).toEqual(devices.length === 0 ? ['ant:120.77', 'ant:120.78'] : ['ant:120.77'])
      expect([b.of('ant:120.77').gone, b.of('ant:120.77').links.length]).toEqual([1, 1])
      // Strap 77 on the list of the search, and the list says whom not to find.
      const lists = stick.chip.frames.filter(({ id }) => id === 0x59 || id === 0x5a)
      expect(lists.map(({ content }) => toHex(content))).toEqual(devices.length === 0 ? ['004d00780500', '000101'] : [])
    }
  })

  test('[B52] forgotten is not brought again by a stick that cannot pass it by', () => {
    const b = bench()
    b.stick({ hasSearchList: false })
    b.air.add(strap(77))
    const carrier = b.start({ kinds: [120] })
    b.run(2000)
    carrier.forget('ant:120.77')
    b.run(3000)
    expect([b.of('ant:120.77').gone, b.of('ant:120.77').links.length]).toEqual([1, 1])
  })

  test('[B51] that is the trainer itself, saying its watts as a power meter too, is passed by for a meter in the crank', () => {
    for (const [trainerMs, meterMs] of [
      [0, 2000],
      [2000, 0],
    ] as const) {
      const b = bench()
      b.stick()
      b.clock.after(trainerMs, () => b.air.add(steadyTrainer(34211).trainer))
      b.clock.after(meterMs, () => b.air.add(meter(34211)))
      b.start()
      b.run(6000)
      expect(b.said).toContain('ANT+: power meter 34211 is the trainer itself')
      expect(b.heard.get('ant:11.34211')?.gone ?? 1).toBe(1)
      b.air.add(meter(4242))
      b.run(2000)
      expect(b.of('ant:11.4242').watts.length).toBeGreaterThan(0)
    }
  })

  test('[B52] named as trainer and power meter at once, and being both, is not replaced by a neighbour’s meter', () => {
    const b = bench()
    b.stick()
    b.air.add(steadyTrainer(34211).trainer)
    b.air.add(meter(34211))
    b.start({ devices: ['34211'] })
    b.run(3000)
    b.air.add(meter(4242))
    b.run(5000)
    expect([...b.heard.keys()]).toEqual(['ant:17.34211'])
  })

  test('[B51] lost pages cost no work: what the meter counted is told with each reading', () => {
    const b = bench()
    b.stick()
    const power = meter(4242, 300)
    let turn = 0
    b.air.isLost = (master) => master === power && turn++ % 3 === 0
    b.air.add(power)
    b.start({ kinds: [11] })
    b.run(20_000)
    const counters = b.of('ant:11.4242').readings.map(({ reading }) => reading.counter)
    const [first, last] = [counters[0]!, counters.at(-1)!]
    if (first.kind !== 'power' || last.kind !== 'power') throw new Error('no counter')
    expect((last.sumW - first.sumW) / (last.events - first.events)).toBe(300)
    expect(last.events - first.events).toBeGreaterThan(counters.length)
  })
})

describe('whatever a stick says', () => {
  test('[B58] every event on every channel in every state leaves the channel alive', () => {
    for (const settleMs of [150, 2000]) {
      for (let code = 0; code < 256; code++) {
        const b = bench()
        const stick = b.stick()
        b.air.add(strap(77))
        b.start({ kinds: [120, 17] })
        b.run(settleMs)
        for (const channel of [0, 1, 7, 200])
          stick.play(encodeAntMessage('channel-event', { channel, aboutId: 1, code }))
        for (const aboutId of [0x42, 0x4b, 0x4f])
          stick.play(encodeAntMessage('channel-event', { channel: 0, aboutId, code }))
        b.run(3000)
        expect(b.of('ant:120.77').readings.at(-1)!.atMs).toBeGreaterThan(b.clock.nowMs() - 1000)
      }
    }
  })

  test('[B58] 20 000 frames of any kind with any content, and as many random bytes, throw nothing', () => {
    const random = createRandom(9)
    const b = bench()
    const stick = b.stick()
    b.air.add(strap(77))
    b.start()
    b.run(1000)
    const byte = (): number => random.u32() & 0xff
    for (let i = 0; i < 20_000; i++) {
      stick.play(encodeAntFrame(byte(), Uint8Array.from({ length: byte() % 24 }, byte)))
      if (i % 10 === 0) stick.play(Uint8Array.from({ length: 10 }, byte))
      if (i % 100 === 0) b.run(50)
    }
    b.run(5000)
    expect(b.of('ant:120.77').readings.at(-1)!.atMs).toBeGreaterThan(b.clock.nowMs() - 1000)
  })
})

describe('numbers', () => {
  test('[B52] a number alone is a trainer or a power meter; a type before it says which kind', () => {
    expect(readAntId('34211')).toEqual([
      { type: 17, number: 34211 },
      { type: 11, number: 34211 },
    ])
    expect(readAntId('ant:120.77')).toEqual([{ type: 120, number: 77 }])
    for (const text of ['', 'x', '0', '99.1', '17.', '17.1048576', '-3', '1.5.2'])
      expect(readAntId(text)).toBeUndefined()
  })
})

describe('two sticks', () => {
  test('[B53] the second takes what the first has no channel for', () => {
    const b = bench()
    b.stick({ channels: 3, port: 1 })
    b.stick({ channels: 8, port: 2, product: 0x1008 })
    const carrier = b.start()
    b.run(1000)
    expect(carrier.sticks.map(({ place, channels }) => [place, channels.map(([name]) => name)])).toEqual([
      ['1-1', ['trainer', 'power meter', 'heart rate strap']],
      ['1-2', ['speed and cadence sensor', 'cadence sensor', 'remote', 'shifters', 'speed sensor']],
    ])
  })

  test('[B53] two of one product are both opened, and one that is named is the only one', () => {
    const b = bench()
    b.stick({ channels: 4, port: 1 })
    b.stick({ channels: 4, port: 2 })
    expect(opened(b, {})).toEqual(['1-1', '1-2'])
    const c = bench()
    c.stick({ port: 1 })
    c.stick({ port: 2 })
    expect(opened(c, { stick: '1-2' })).toEqual(['1-2'])
    const d = bench()
    d.stick({ port: 1, product: 0x1008 })
    d.stick({ port: 2, product: 0x1009 })
    expect(opened(d, { stick: '1008' })).toEqual(['1-1'])
  })

  test('[B53] what the one that is pulled out had, the other takes over, with the same device numbers', () => {
    const b = bench()
    const first = b.stick({ port: 1 })
    b.stick({ port: 2 })
    b.air.add(strap(77))
    b.start()
    b.run(2000)
    b.air.add(strap(70, 99))
    b.usb.unplug(first)
    b.run(2000)
    expect(b.said).toContain('ANT+: the stick was pulled out; plug it in again')
    expect([...b.heard.keys()]).toEqual(['ant:120.77'])
    expect(b.of('ant:120.77').links).toHaveLength(2)
  })

  const opened = (b: AntBench, options: { stick?: string }) => {
    const carrier = b.start(options)
    b.run(1000)
    return carrier.sticks.map(({ place }) => place)
  }
})

describe('the only stick', () => {
  test('[B53] pulled out and plugged in again is found within a second, and its devices within two more', () => {
    const b = bench()
    const stick = b.stick()
    b.air.add(strap(77))
    b.start()
    b.run(2000)
    b.usb.unplug(stick)
    expect(b.of('ant:120.77').gone).toBe(1)
    b.run(5000)
    expect(b.said.at(-1)).toBe('ANT+: no stick is plugged in; waiting for one')
    b.usb.plug(stick.pushedIn())
    b.run(3000)
    expect(b.of('ant:120.77').links).toHaveLength(2)
    expect(b.said.filter((sentence) => sentence.includes('no stick'))).toHaveLength(1)
  })
})
