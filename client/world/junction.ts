import type { BakedCourse } from '#maps/course'
import { TURN, type Network } from '#maps/network'

/** What lies before a rider: the next place where roads part, and which of them will be taken as things stand. */
export interface Junction {
  /** Road to it, m. */
  readonly aheadM: number
  /** From left to right; `turn` is one of TURN. */
  readonly options: readonly { readonly turn: number; readonly name: string; readonly isTaken: boolean }[]
  /** One may turn back here; `isBackTaken`: and will. */
  readonly canTurnBack: boolean
  readonly isBackTaken: boolean
  /** The gate of a free-ride zone, where the road itself goes on. */
  readonly isGate?: boolean
}

/** What of a zone lies on the road (physics' `ZoneSite`). */
export interface Gate {
  readonly name: string
  readonly way: number
  readonly entryPlaceM: number
  /** 1: right of the road, −1: left. */
  readonly side: 1 | -1
}

/** Farther away nobody needs to be asked, m. */
const SIGHT_M = 260
/** Ways looked through: connectors are short, and roads between junctions of a town too. */
const WAYS_MAX = 4

/** undefined: no choice in sight. `nextWay` is the way that will be taken at the end of the rider's own. */
export function junctionAhead(
  course: BakedCourse,
  network: Network,
  placeM: number,
  nextWay: number,
): Junction | undefined {
  let way = network.ways[course.wayAt(placeM)]!
  let aheadM = way.endM - placeM
  let taken = nextWay
  for (let k = 0; k < WAYS_MAX && aheadM <= SIGHT_M; k++) {
    const onward = way.exits.filter(({ turn }) => turn !== TURN.back)
    const back = way.exits.find(({ turn }) => turn === TURN.back)
    if (onward.length > 1 || (back !== undefined && onward.length > 0)) {
      const options = onward
        .toSorted((a, b) => a.turn - b.turn)
        .map((exit) => ({ turn: exit.turn, name: network.ways[exit.way]!.name, isTaken: exit.way === taken }))
      return { aheadM, options, canTurnBack: back !== undefined, isBackTaken: back?.way === taken }
    }
    const next = network.ways[taken >= 0 ? taken : -1]
    if (next === undefined || next.endM === Infinity) return undefined
    way = next
    aheadM += way.endM - way.startM
    taken = way.exits[0]?.way ?? -1
  }
  return undefined
}

/** The gate that comes before the end of the rider's way; undefined: none in sight. `turn` is the wish that holds. */
export function gateAhead(
  course: BakedCourse,
  network: Network,
  gates: readonly Gate[],
  placeM: number,
  turn: number,
): Junction | undefined {
  const way = course.wayAt(placeM)
  for (const gate of gates) {
    const gapM = gate.entryPlaceM - placeM
    const aheadM = course.isLoop ? gapM - course.lengthM * Math.floor(gapM / course.lengthM) : gapM
    if (gate.way !== way || !(aheadM >= 0 && aheadM <= SIGHT_M)) continue
    const side = gate.side > 0 ? TURN.right : TURN.left
    const into = { turn: side, name: gate.name, isTaken: turn === side }
    const past = { turn: TURN.straight, name: network.ways[way]!.name, isTaken: turn !== side }
    const options = gate.side > 0 ? [past, into] : [into, past]
    return { aheadM, options, canTurnBack: false, isBackTaken: false, isGate: true }
  }
  return undefined
}
