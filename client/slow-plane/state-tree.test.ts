import { getMessageBytes } from '@colyseus/core'
import { Decoder, Encoder, Reflection, schema, t } from '@colyseus/schema'
import { describe, expect, it } from 'vitest'
import { createRandom } from '#physics/random'
import { pack, unpack, Unreadable, type Packable } from './msgpack.ts'
import { defineState } from './state-tree.ts'

const Bike = schema({ name: t.string(), teeth: t.array('uint8') }, 'Bike')
const Rider = schema({ id: t.uint32(), name: t.string(), isBot: t.boolean(), mass: t.number(), bike: Bike }, 'Rider')
const Row = schema({ place: t.uint16(), ms: t.float64() }, 'Row')
const State = schema(
  {
    phase: t.string(),
    laps: t.int8(),
    riders: t.map(Rider),
    rows: t.array(Row),
    notes: t.map('string'),
    marks: t.array('number'),
  },
  'State',
)

/** Both as plain JSON. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, one: unknown) => (one instanceof Map ? Object.fromEntries(one) : one)))

describe('the slow plane', () => {
  it('[V85] the state of a room is what its own package reads, through two thousand changes', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = createRandom(seed * 7919)
      const dice = (count: number): number => Math.floor(random.fraction() * count)
      const state = new State()
      state.phase = 'free'
      const encoder = new Encoder(state)
      const definition = Reflection.encode(encoder)
      const ours = defineState(definition)
      const theirs: Decoder<InstanceType<typeof State>> = Reflection.decode(definition)
      const whole = encoder.encodeAll().slice()
      ours.read(whole)
      theirs.decode(whole)
      encoder.discardChanges()
      const change = (): void => {
        const key = String(dice(12))
        switch (dice(11)) {
          case 0:
            state.phase = `phase ${dice(5)} — Größe ✓`
            break
          case 1:
            state.laps = dice(200) - 100
            break
          case 2:
          case 3: {
            const rider = new Rider()
            Object.assign(rider, { id: dice(1e9), name: `R${dice(9)}`, isBot: dice(2) === 1, mass: dice(3) * 70.25 })
            rider.bike = new Bike()
            rider.bike.name = 'b'.repeat(dice(40))
            state.riders.set(key, rider)
            break
          }
          case 4:
            state.riders.delete(key)
            break
          case 5: {
            const rider = state.riders.get(key)
            if (rider !== undefined) {
              rider.name += '!'
              rider.bike.teeth.push(dice(50))
            }
            break
          }
          case 6: {
            state.rows.clear()
            for (let k = dice(6); k > 0; k--) {
              const row = new Row()
              Object.assign(row, { place: k, ms: random.fraction() * 1e6 })
              state.rows.push(row)
            }
            break
          }
          case 7:
            if (state.rows.length > 0) state.rows.splice(dice(state.rows.length), 1)
            break
          case 8:
            state.notes.set(key, `note ${dice(1e6)}`)
            break
          case 9:
            if (state.rows.length > 0) state.rows[dice(state.rows.length)]!.ms = dice(1e6)
            break
          default:
            state.marks.push(dice(1e5) - 5e4)
            if (state.marks.length > 9) state.marks.shift()
        }
      }
      for (let step = 0; step < 250; step++) {
        for (let k = dice(4); k >= 0; k--) change()
        const patch = encoder.encode().slice()
        encoder.discardChanges()
        ours.read(patch)
        theirs.decode(patch)
        expect([seed, step, plain(ours.state)]).toEqual([seed, step, plain(theirs.state.toJSON())])
      }
    }
  })

  it('[V85] a state cut anywhere or of kinds we do not know is refused with a sentence, never half understood', () => {
    const state = new State()
    const rider = new Rider()
    rider.name = 'Merle'
    state.riders.set('1', rider)
    const encoder = new Encoder(state)
    const definition = Reflection.encode(encoder)
    const whole = encoder.encodeAll().slice()
    let refused = 0
    for (let cut = 1; cut < whole.length; cut++) {
      try {
        defineState(definition).read(whole, 0, cut)
      } catch (error) {
        expect(error).toBeInstanceOf(Unreadable)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(whole.length / 2)
    const Odd = schema({ seen: t.set('string') }, 'Odd')
    expect(() => defineState(Reflection.encode(new Encoder(new Odd())))).toThrow("state's seen is a set")
  })

  it('[V86] messages are packed and unpacked as by the package of the server, and odd ones refused', () => {
    /** As the server sends it, without the head: code, a string of one letter. */
    const theirs = (value: unknown): Uint8Array => getMessageBytes.raw(13, 'x', value).subarray(3)
    const values: Packable[] = [
      null,
      true,
      0,
      -1,
      -33,
      127,
      128,
      255,
      256,
      65_536,
      4_294_967_295,
      -70_000,
      1.5,
      'Größe',
      'x'.repeat(40),
      'y'.repeat(300),
      [1, 'two', [3]],
      { name: 'Merle', text: 'Allez!', depth: { list: Array.from({ length: 20 }, (_, k) => k) } },
      Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`k${k}`, k])),
    ]
    for (const value of values) {
      expect(plain(unpack(theirs(value)))).toEqual(value)
      expect(plain(unpack(Uint8Array.from(pack(value))))).toEqual(value)
    }
    // By the specification: a float, an object of one name, a list.
    expect(pack(1.5)).toEqual([0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0])
    expect(pack({ turn: 2, route: undefined })).toEqual([0x81, 0xa4, 0x74, 0x75, 0x72, 0x6e, 0x02])
    expect(pack([300, -5, null])).toEqual([0x93, 0xce, 0, 0, 1, 0x2c, 0xfb, 0xc0])
    expect(unpack(theirs(new Uint8Array([1, 2, 3])))).toEqual(new Uint8Array([1, 2, 3]))
    expect(plain(unpack(theirs({ a: undefined, b: 1 })))).toEqual({ b: 1 })
    expect(() => unpack(theirs('cut off').subarray(0, 4))).toThrow('ends at byte 4')
    expect(() => unpack(theirs(new Date(0)))).toThrow('kind d6')
    expect(() => unpack(new Uint8Array(64).fill(0x91))).toThrow('nested deeper')
  })
})
