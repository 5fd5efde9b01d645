import protobuf from 'protobufjs'
import { FIELD_COUNT, FIELDS, versionOf } from './fields.mjs'

export const version = `protobufjs ${versionOf('protobufjs')}`

const SOURCE = `syntax = "proto3";
message Rider {
  uint32 id = 1; uint32 time = 2; uint32 distance = 3; sint32 lateral = 4; uint32 speed = 5;
  uint32 power = 6; uint32 cadence = 7; uint32 heartRate = 8; uint32 flags = 9;
}
message Riders { repeated Rider riders = 1; }`
/** Told one by one, each in a tick of its own. */
export const isRelay = true
const { Riders } = protobuf.parse(SOURCE).root.nested

/**
 * Each rider's state whole, once a second, as the rider's own client would send it: passed on at once to who sees the
 * rider. The manner of the commercial world that issue 4 names, in a message of our own.
 */
export function create({ viewers, everyTicks = 20 }) {
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
      const riders = []
      for (const row of shown[viewer]) {
        if ((tick + row) % everyTicks !== 0) continue
        const one = { id: row, time: tick }
        for (let i = 0; i < FIELD_COUNT; i++) one[FIELDS[i][0]] = values[row * FIELD_COUNT + i]
        riders.push(one)
      }
      return riders.length === 0 ? undefined : Riders.encode({ riders }).finish().slice()
    },
    endTick() {},
    wireBytes: (bytes) => bytes.length,
    payloadBytes: (bytes) => bytes.length,
    decode(_viewer, bytes, into) {
      const rows = []
      let newest = 0
      for (const one of Riders.decode(bytes).riders) {
        rows.push(one.id)
        newest = one.time
        for (let i = 0; i < FIELD_COUNT; i++) into[one.id * FIELD_COUNT + i] = one[FIELDS[i][0]]
      }
      return { tick: newest & 0xffff, rows, isPartial: true }
    },
  }
}
