import interpolationPackage from '@geckos.io/snapshot-interpolation'
import schemaPackage from '@geckos.io/typed-array-buffer-schema'
import { FIELD_COUNT, FIELDS, versionOf } from './fields.mjs'

export const version =
  `@geckos.io/typed-array-buffer-schema ${versionOf('@geckos.io/typed-array-buffer-schema')}, ` +
  `snapshot-interpolation ${versionOf('@geckos.io/snapshot-interpolation')}`

const { BufferSchema, Model, ...types } = schemaPackage
const { SnapshotInterpolation } = interpolationPackage
const SERVER_HZ = 20
const MODEL_KB = 64
let schemas = 0

/** Whole snapshots in typed arrays: it knows no differences, so each datagram stands alone. */
export function create({ viewers }) {
  const name = `rider${schemas++}`
  const rider = BufferSchema.schema(
    name,
    Object.fromEntries([['id', types.uint16], ...FIELDS.map(([field, type]) => [field, types[type]])]),
  )
  const model = new Model(BufferSchema.schema(`${name}s`, { time: types.uint32, riders: [rider] }), MODEL_KB)
  let values = new Int32Array(0)
  let tick = 0
  const shown = Array.from({ length: viewers }, () => [])
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
      const riders = shown[viewer].map((row) => {
        const one = { id: row }
        for (let i = 0; i < FIELD_COUNT; i++) one[FIELDS[i][0]] = values[row * FIELD_COUNT + i]
        return one
      })
      return new Uint8Array(model.toBuffer({ time: tick, riders }))
    },
    endTick() {},
    wireBytes: (bytes) => bytes.length,
    payloadBytes: (bytes) => bytes.length,
    decode(_viewer, bytes, into) {
      const { time, riders } = model.fromBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
      const rows = []
      for (const one of riders) {
        rows.push(one.id)
        for (let i = 0; i < FIELD_COUNT; i++) into[one.id * FIELD_COUNT + i] = one[FIELDS[i][0]]
      }
      return { tick: time & 0xffff, rows }
    },
  }
}

/** Its own picture: three snapshots late, in a straight line between two of them. */
export function createInterpolation() {
  const own = new SnapshotInterpolation(SERVER_HZ)
  return {
    /** Its only clock is the calendar; here time is an argument. */
    add(nowMs, snapshotMs, entities) {
      SnapshotInterpolation.Now = () => nowMs
      own.snapshot.add({ id: String(snapshotMs), time: snapshotMs, state: entities })
    },
    draw(nowMs, fields) {
      SnapshotInterpolation.Now = () => nowMs
      const drawn = own.calcInterpolation(fields)
      const shownMs = nowMs - own.timeOffset - own.interpolationBuffer.get()
      return { shownMs, entities: drawn?.state }
    },
  }
}
