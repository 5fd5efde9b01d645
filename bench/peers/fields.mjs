import { existsSync, readFileSync } from 'node:fs'

/**
 * What everybody tells of a rider, already whole numbers: the same set as ours, each in the smallest type that a peer can
 * give it. Road is told in steps of 5 cm and wraps after 3.3 km, which a client unwraps; speed in steps of 0.1 m/s.
 */
export const FIELDS = [
  ['distance', 'uint16'],
  ['lateral', 'int8'],
  ['speed', 'uint8'],
  ['power', 'uint16'],
  ['cadence', 'uint8'],
  ['heartRate', 'uint8'],
  ['flags', 'uint8'],
]
export const FIELD_COUNT = FIELDS.length

/** The same as one writes it who does not count bits: whole centimetres, nothing wraps. */
export const WIDE_FIELDS = [['distance', 'uint32'], ['lateral', 'int16'], ['speed', 'uint16'], ...FIELDS.slice(3)]

/** A frame of a WebSocket, server to client: 2 bytes, 4 from 126 on. */
export const frameBytes = (length) => length + (length < 126 ? 2 : 4)

/** The version that is installed: here, or, of what the house itself uses, at the root. */
export function versionOf(name) {
  for (const folder of ['.', '../..']) {
    const url = new URL(`${folder}/node_modules/${name}/package.json`, import.meta.url)
    if (existsSync(url)) return JSON.parse(readFileSync(url, 'utf8')).version
  }
  return 'of unknown version'
}
