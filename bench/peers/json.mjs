import { FIELD_COUNT, frameBytes } from './fields.mjs'

export const version = `JSON of Node ${process.version.slice(1)}`
const KEYS = ['d', 'l', 's', 'p', 'c', 'h', 'f']
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** As plain as it gets, but only what changed: {"t":812,"r":[{"i":17,"d":4211,"p":247}],"x":[3]}. */
export function create({ viewers }) {
  let values = new Int32Array(0)
  let tick = 0
  const shown = Array.from({ length: viewers }, () => [])
  const sentTo = shown.map(() => new Map())
  const clients = shown.map(() => new Set())
  return {
    update(told, atTick) {
      values = told
      tick = atTick
    },
    show(viewer, rows) {
      shown[viewer] = rows
    },
    beginTick() {},
    encode(viewer) {
      const sent = sentTo[viewer]
      const wanted = new Set(shown[viewer])
      const r = []
      const x = []
      for (const row of sent.keys()) {
        if (wanted.has(row)) continue
        sent.delete(row)
        x.push(row)
      }
      for (const row of shown[viewer]) {
        const before = sent.get(row)
        const now = values.slice(row * FIELD_COUNT, (row + 1) * FIELD_COUNT)
        const one = { i: row }
        for (let i = 0; i < FIELD_COUNT; i++) if (before?.[i] !== now[i]) one[KEYS[i]] = now[i]
        if (before === undefined || Object.keys(one).length > 1) r.push(one)
        sent.set(row, now)
      }
      return encoder.encode(JSON.stringify(x.length > 0 ? { t: tick, r, x } : { t: tick, r }))
    },
    endTick() {},
    wireBytes: (bytes) => frameBytes(bytes.length),
    payloadBytes: (bytes) => bytes.length,
    decode(viewer, bytes, into) {
      const { t, r, x = [] } = JSON.parse(decoder.decode(bytes))
      for (const row of x) clients[viewer].delete(row)
      for (const one of r) {
        clients[viewer].add(one.i)
        for (let i = 0; i < FIELD_COUNT; i++)
          if (one[KEYS[i]] !== undefined) into[one.i * FIELD_COUNT + i] = one[KEYS[i]]
      }
      return { tick: t & 0xffff, rows: [...clients[viewer]] }
    },
  }
}
