/**
 * A rider's road over one tick, and the line it may pass. Distances count laps on, so on a loop the line lies at
 * `lineM` and every whole length after it; a rider crosses when the front wheel reaches it. The fraction is of the tick,
 * in (0, 1]; undefined: not crossed. One tick is far shorter than a lap, so it holds one crossing at most.
 */
export function crossedAt(
  fromM: number,
  toM: number,
  lineM: number,
  road: { readonly lengthM: number; readonly isLoop: boolean },
): number | undefined {
  if (!(toM > fromM)) return undefined
  let atM = lineM
  if (road.isLoop) atM += road.lengthM * (Math.floor((fromM - lineM) / road.lengthM) + 1)
  return atM > fromM && atM <= toM ? (atM - fromM) / (toM - fromM) : undefined
}
