import { Decoder, Encoder, schema, StateView, t } from '@colyseus/schema'
import { FIELD_COUNT, FIELDS, frameBytes, versionOf, WIDE_FIELDS } from './fields.mjs'

export const version = `@colyseus/schema ${versionOf('@colyseus/schema')}`

/** Encoders share one buffer for all views of a tick. */
const BUFFER_BYTES = 8 << 20
/** The byte in front that says "patch". */
const PATCH_BYTES = 1

export function defineState(isWide = false) {
  const fields = isWide ? WIDE_FIELDS : FIELDS
  const Rider = schema(Object.fromEntries(fields.map(([name, type]) => [name, t[type]()])), 'Rider')
  const State = schema({ tick: t.uint16(), riders: t.map(Rider).view() }, 'State')
  return { Rider, State }
}

export function setRider(rider, values, row) {
  const at = row * FIELD_COUNT
  for (let i = 0; i < FIELD_COUNT; i++) {
    const name = FIELDS[i][0]
    // Only real changes are marked.
    if (rider[name] !== values[at + i]) rider[name] = values[at + i]
  }
}

/** Riders in one map; each client has a view of those it shall see. */
export function create({ count, viewers, isWide }) {
  Encoder.BUFFER_SIZE = BUFFER_BYTES
  const { Rider, State } = defineState(isWide)
  const state = new State()
  const encoder = new Encoder(state)
  const riders = Array.from({ length: count }, (_, row) => {
    const rider = new Rider()
    state.riders.set(String(row), rider)
    return rider
  })
  const views = Array.from({ length: viewers }, () => new StateView())
  const shown = views.map(() => new Set())
  const clients = views.map(() => ({ state: undefined, decoder: undefined }))
  let iterator = { offset: 0 }
  let sharedOffset = 0
  let isFirst = true
  return {
    update(values, tick) {
      state.tick = tick & 0xffff
      for (let row = 0; row < count; row++) setRider(riders[row], values, row)
    },
    show(viewer, rows) {
      const wanted = new Set(rows)
      for (const row of shown[viewer]) if (!wanted.has(row)) views[viewer].remove(riders[row])
      for (const row of rows) if (!shown[viewer].has(row)) views[viewer].add(riders[row])
      shown[viewer] = wanted
    },
    beginTick() {
      iterator = { offset: 0 }
      if (isFirst) encoder.encodeAll(iterator)
      else encoder.encode(iterator)
      sharedOffset = iterator.offset
    },
    encode(viewer) {
      const bytes = isFirst
        ? encoder.encodeAllView(views[viewer], sharedOffset, iterator)
        : encoder.encodeView(views[viewer], sharedOffset, iterator)
      return bytes.slice()
    },
    endTick() {
      encoder.discardChanges()
      isFirst = false
    },
    wireBytes: (bytes) => frameBytes(bytes.length + PATCH_BYTES),
    payloadBytes: (bytes) => bytes.length,
    decode(viewer, bytes, values) {
      const client = clients[viewer]
      if (client.decoder === undefined) {
        const own = defineState(isWide)
        client.state = new own.State()
        client.decoder = new Decoder(client.state)
      }
      client.decoder.decode(bytes)
      const rows = []
      client.state.riders.forEach((rider, key) => {
        const row = Number(key)
        rows.push(row)
        for (let i = 0; i < FIELD_COUNT; i++) values[row * FIELD_COUNT + i] = rider[FIELDS[i][0]]
      })
      return { tick: client.state.tick, rows }
    },
  }
}
