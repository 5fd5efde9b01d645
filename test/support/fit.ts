import { FitBaseType, FitEncoder } from 'fit-file-parser/encoder'

export interface FitRow {
  readonly atS: number
  readonly powerW?: number
  readonly cadenceRpm?: number
  readonly heartRateBpm?: number
  readonly speedMps?: number
  readonly heightM?: number
  readonly distanceM?: number
  readonly latDeg?: number
  readonly lonDeg?: number
}

/** When the first row was recorded, s of FIT's own calendar (since 1989-12-31). */
export const FIT_START_S = 1_100_000_000

const field = (number: number, size: 1 | 2 | 4, value: number) => ({
  number,
  size,
  baseType: size === 1 ? FitBaseType.Uint8 : size === 2 ? FitBaseType.Uint16 : FitBaseType.Uint32,
  value,
})

/** Degrees in half circles / 2³¹; none is "invalid". */
const place = (number: number, degrees: number | undefined) => ({
  ...{ number, size: 4, baseType: FitBaseType.Sint32 },
  value: degrees === undefined ? 0x7fffffff : Math.round((degrees / 180) * 2 ** 31),
})

/** A FIT course of these rows: what a route planner exports. */
export function fitCourseOf(name: string, rows: readonly FitRow[]): Uint8Array {
  const encoder = new FitEncoder({ protocolVersion: 0x10 })
  const title = FitEncoder.string(name)
  encoder.writeMessage(0, [{ number: 0, size: 1, baseType: FitBaseType.Enum, value: 6 }])
  encoder.writeMessage(31, [{ number: 5, size: title.length, baseType: FitBaseType.String, value: title }])
  for (const row of rows)
    encoder.writeMessage(20, [
      field(253, 4, FIT_START_S + row.atS),
      place(0, row.latDeg),
      place(1, row.lonDeg),
      field(2, 2, row.heightM === undefined ? 0xffff : Math.round((row.heightM + 500) * 5)),
    ])
  return encoder.close()
}

/** A FIT activity of these rows, as a device writes one; what a row does not know is "invalid", all ones. */
export function fitOf(rows: readonly FitRow[]): Uint8Array {
  const encoder = new FitEncoder({ protocolVersion: 0x10 })
  encoder.writeMessage(0, [{ number: 0, size: 1, baseType: FitBaseType.Enum, value: 4 }])
  for (const row of rows)
    encoder.writeMessage(20, [
      field(253, 4, FIT_START_S + row.atS),
      field(7, 2, row.powerW ?? 0xffff),
      field(4, 1, row.cadenceRpm ?? 0xff),
      field(3, 1, row.heartRateBpm ?? 0xff),
      field(73, 4, row.speedMps === undefined ? 0xffffffff : Math.round(row.speedMps * 1000)),
      field(78, 4, row.heightM === undefined ? 0xffffffff : Math.round((row.heightM + 500) * 5)),
      field(5, 4, row.distanceM === undefined ? 0xffffffff : Math.round(row.distanceM * 100)),
    ])
  return encoder.close()
}
