import { type Field, type Mutable, readFields, type Values, writeFields } from './fields.ts'
import type { Sequence } from './ids.ts'
import type { BitReader } from './reader.ts'
import { MOTION_FIELDS, TELEMETRY_FIELDS } from './rider-state.ts'
import type { BitWriter } from './writer.ts'

/**
 * The rider's own state on the wire. `distanceM` is road behind the rider, on a route its metres (the back rows of a pen
 * stand before its beginning); `route` and `leg` count from 1, 0 is none; `turn` is the wish for the next junction.
 * Work ends at 2³² J, what brakes and contact took away at 2²⁴, which nobody will see; a push from others makes `contactJ` less.
 */
const OWN_FIELDS = [
  ...MOTION_FIELDS,
  ['distanceM', 32, 1 / 1024, -1024],
  ['route', 7, 1, 0],
  ['leg', 11, 1, 0],
  ['turn', 3, 1, 0],
  ...TELEMETRY_FIELDS,
  ['draftFactor', 10, 1 / 1024, 1 / 1024],
  ['gradeFraction', 13, 1 / 8192, -0.5],
  ['workJ', 32, 1, 0],
  ['brakeJ', 24, 1, 0],
  ['contactJ', 24, 1, -65536],
  ['flags', 4, 1, 0],
] as const satisfies readonly Field[]
export type OwnBlock = Values<typeof OWN_FIELDS> & { readonly ackedSequence: Sequence | undefined }

export function writeOwn(w: BitWriter, own: OwnBlock): void {
  w.flag(own.ackedSequence !== undefined)
  if (own.ackedSequence !== undefined) w.bits(own.ackedSequence, 16)
  writeFields(w, OWN_FIELDS, own)
}

export function readOwn(r: BitReader): OwnBlock {
  const ackedSequence = r.flag() ? (r.bits(16) as Sequence) : undefined
  const values = {} as Mutable<Values<typeof OWN_FIELDS>>
  readFields(r, OWN_FIELDS, values)
  return { ...values, ackedSequence }
}
