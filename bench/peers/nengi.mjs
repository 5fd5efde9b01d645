import { registerHooks } from 'node:module'
import { FIELD_COUNT, FIELDS, frameBytes, versionOf } from './fields.mjs'

// Its sources name files without their ending, for bundlers.
registerHooks({
  resolve(specifier, context, next) {
    const isIts = context.parentURL?.includes('/nengi/core/') && specifier.startsWith('.') && !specifier.endsWith('.js')
    return next(isIts ? `${specifier}.js` : specifier, context)
  },
})
export const version = `nengi ${versionOf('nengi')}, its core`

const load = async (path) => (await import(`nengi/core/${path}.js`)).default
const EntityProtocol = await load('protocol/EntityProtocol')
const proxify = await load('protocol/proxify')
const choose = await load('snapshot/entityUpdate/chooseOptimization')
const countBits = await load('snapshot/writer/countSinglePropsBits')
const write = await load('snapshot/writer/writeSingleProps')
const read = await load('snapshot/reader/readSingleProps')
const BitBuffer = await load('binary/BitBuffer')
const BitStream = await load('binary/BitStream')
const Type = await load('binary/BinaryType')

const CHUNK_UPDATES = 3
/** The tick, as its snapshots carry a time: 16 bits are enough. */
const TICK_BYTES = 2
/** Who comes into view: id, type and every field; who leaves: an id. */
const TYPES = { uint16: Type.UInt16, int8: Type.Int8, uint8: Type.UInt8 }
/** Of the fields some fit into fewer bits than a byte has. */
const SMALLER = { power: Type.UInt12, flags: Type.UInt4 }

/** Differences to what a client was sent last (its WebSocket delivers all of it), bit-packed, entity by entity and field by field. */
export function create({ count, viewers }) {
  const config = {
    ID_BINARY_TYPE: Type.UInt16,
    TYPE_BINARY_TYPE: Type.UInt8,
    ID_PROPERTY_NAME: 'nid',
    TYPE_PROPERTY_NAME: 'ntype',
  }
  const protocol = new EntityProtocol(
    Object.fromEntries(FIELDS.map(([name, type]) => [name, SMALLER[name] ?? TYPES[type]])),
    config,
  )
  let tick = 0
  let proxies = []
  const sentTo = Array.from({ length: viewers }, () => new Map())
  const shown = Array.from({ length: viewers }, () => [])
  const clients = Array.from({ length: viewers }, () => new Map())
  return {
    update(values, atTick) {
      tick = atTick
      proxies = Array.from({ length: count }, (_, row) => {
        const entity = { nid: row, ntype: 1 }
        for (let i = 0; i < FIELD_COUNT; i++) entity[FIELDS[i][0]] = values[row * FIELD_COUNT + i]
        return proxify(entity, protocol)
      })
    },
    show(viewer, rows) {
      shown[viewer] = rows
    },
    beginTick() {},
    encode(viewer) {
      const sent = sentTo[viewer]
      const wanted = new Set(shown[viewer])
      const changes = []
      const left = []
      for (const row of sent.keys()) {
        if (wanted.has(row)) continue
        sent.delete(row)
        left.push(row)
      }
      for (const row of shown[viewer]) {
        // Who is new is told every field, as its create chunk does.
        const before = sent.get(row) ?? Object.fromEntries(protocol.keys.map((key) => [key, key === 'nid' ? row : NaN]))
        for (const change of choose('nid', before, proxies[row], protocol).singleProps) {
          if (change.prop !== 'ntype' && change.prop !== 'nid') changes.push(change)
        }
        sent.set(row, proxies[row])
      }
      const bits = countBits(changes)
      const stream = new BitStream(new BitBuffer(Math.max(8, bits)))
      if (changes.length > 0) write(CHUNK_UPDATES, stream, changes)
      const body = stream.bitBuffer.toBuffer()
      return {
        tick,
        left,
        body,
        isEmpty: changes.length === 0,
        length: TICK_BYTES + Math.ceil(bits / 8) + left.length * 2,
      }
    },
    endTick() {},
    wireBytes: (message) => frameBytes(message.length),
    payloadBytes: (message) => message.length,
    decode(viewer, message, values) {
      const riders = clients[viewer]
      for (const row of message.left) riders.delete(row)
      if (!message.isEmpty) {
        const stream = new BitStream(new BitBuffer(message.body))
        stream.readUInt8()
        for (const { nid, prop, value } of read(stream, () => protocol, config)) {
          riders.set(nid, true)
          values[nid * FIELD_COUNT + FIELDS.findIndex(([name]) => name === prop)] = value
        }
      }
      return { tick: message.tick & 0xffff, rows: [...riders.keys()] }
    },
  }
}
