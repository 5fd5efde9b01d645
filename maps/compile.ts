import type { BakedColumns, MapFile, MapRoute, StripRef } from './format.ts'
import { HEIGHT_UNIT_M } from './format.ts'
import type { Leg, Network, NetworkLine, Route, Segment, Stretch, Way } from './network.ts'
import { checked, complaints, type Checked } from './result.ts'
import { planWays, wayOfStrip, type WayPlan } from './topology.ts'

/** Names and places on the tape for everything that lies along the roads. Small sums only: it runs wherever a map is loaded. */
export function compileNetwork(map: MapFile, columns: BakedColumns): Checked<Network> {
  const plans = planWays(map)
  const stale = 'map.json and course.bin are of different roads; bake the map again (gruppetto bake)'
  if (plans.length !== columns.ways.length || columns.isLoop !== map.roads[0]!.isClosed) return complaints(stale)
  const exitSets = plans.map((plan, way) =>
    plan.kind === 'connector' ? [plan.toWay] : plans.flatMap((one, at) => (one.fromWay === way ? [at] : [])),
  )
  const isSame = exitSets.every((set, way) => {
    const { exits } = columns.ways[way]!
    return exits.length === set.length && exits.every((exit) => set.includes(exit.way))
  })
  if (!isSame) return complaints(stale)
  return new Compiler(map, columns, plans).compile()
}

class Compiler {
  readonly #map: MapFile
  readonly #columns: BakedColumns
  readonly #plans: readonly WayPlan[]
  readonly #complaints: string[] = []

  constructor(map: MapFile, columns: BakedColumns, plans: readonly WayPlan[]) {
    this.#map = map
    this.#columns = columns
    this.#plans = plans
  }

  compile(): Checked<Network> {
    const map = this.#map
    const ways = this.#plans.map((plan, id) => this.#way(plan, id))
    const lines = map.lines.map(({ id, name, road, atM }, i) => ({
      id,
      name,
      ...this.#place(`lines[${i}].atM`, road, atM),
    }))
    const pens = map.pens.map(({ id, road, atM, rows, abreast }, i) => ({
      ...{ id, ...this.#place(`pens[${i}].atM`, road, atM), rows, abreast },
    }))
    const network: Network = {
      ways,
      lines,
      pens,
      spawns: map.spawns.map(({ road, atM, lateralM }, i) => ({
        ...this.#place(`spawns[${i}].atM`, road, atM),
        lateralM,
      })),
      segments: map.segments.map((_, i) => this.#segment(i)),
      routes: map.routes.map((route, i) => this.#route(route, `routes[${i}]`, { lines, pens })),
      zones: map.zones.map(({ id, name, at, towards, entry, exit, ...zone }, i) => {
        const [dx, dy] = [towards[0] - at[0], towards[1] - at[1]]
        const lengthM = Math.sqrt(dx * dx + dy * dy)
        const gate = (which: string, { road, atM }: { road: StripRef; atM: number }): NetworkLine => ({
          ...{ id: `${id}-${which}`, name, ...this.#place(`zones[${i}].${which}.atM`, road, atM) },
        })
        return {
          ...{ id, name, xM: at[0], yM: at[1], zM: at[2], dirX: dx / lengthM, dirY: dy / lengthM },
          ...{ lengthM: zone.lengthM, widthM: zone.widthM, seed: zone.seed },
          ...{ entry: gate('entry', entry), exit: gate('exit', exit) },
        }
      }),
    }
    return this.#complaints.length > 0 ? complaints(...this.#complaints) : checked(network)
  }

  #way(plan: WayPlan, id: number): Way {
    const road = this.#map.roads[plan.road]!
    const { startM, lengthM, exits } = this.#columns.ways[id]!
    const isAlone = this.#plans.length === 1
    const node = (index: number) => (index < 0 ? '' : this.#map.nodes[index]!.id)
    return {
      ...{ id, name: road.name, kind: plan.kind, roadId: plan.kind === 'road' ? road.id : '' },
      ...{ isReversed: plan.isReversed, fromNode: node(plan.fromNode), toNode: node(plan.toNode) },
      ...{ startM, endM: isAlone ? Infinity : startM + lengthM, twin: plan.twin, exits },
      spans: plan.kind === 'road' ? road.spans.map((span) => ({ kind: span.kind, ...this.#span(id, span) })) : [],
    }
  }

  /** A stretch of a road as metres from the start of one of its ways. */
  #span(way: number, { fromM, toM }: { fromM: number; toM: number }): { fromM: number; toM: number } {
    const a = this.#onWay(way, fromM)
    const b = this.#onWay(way, toM)
    return { fromM: Math.min(a, b), toM: Math.max(a, b) }
  }

  /** Road metres → metres from the start of the way, by the column that says the reverse; ends at the way's. */
  #onWay(way: number, roadM: number): number {
    const { roadCm, isLoop } = this.#columns
    const { startM, lengthM } = this.#columns.ways[way]!
    if (this.#plans.length === 1) return Math.min(roadM, lengthM)
    const sign = this.#plans[way]!.isReversed ? -1 : 1
    const target = roadM * 100 * sign
    let low = startM
    let high = startM + lengthM - (isLoop ? 1 : 0)
    if (target <= roadCm[low]! * sign) return 0
    if (target >= roadCm[high]! * sign) return lengthM
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (roadCm[middle]! * sign <= target) low = middle
      else high = middle
    }
    const step = (roadCm[high]! - roadCm[low]!) * sign
    return low - startM + (step > 0 ? (target - roadCm[low]! * sign) / step : 0)
  }

  #place(path: string, strip: StripRef, atM: number): { way: number; atM: number } {
    const way = wayOfStrip(this.#map, this.#plans, strip)
    const { startM, lengthM } = this.#columns.ways[way]!
    const { roadCm, isLoop } = this.#columns
    const isAlone = this.#plans.length === 1
    const [a, b] = isAlone ? [0, lengthM] : [roadCm[startM]! / 100, roadCm[startM + lengthM]! / 100]
    const [least, most] = [Math.min(a, b), Math.max(a, b)]
    if (atM < least - 0.01 || atM > most + 0.01 || (isLoop && atM >= lengthM))
      this.#complaints.push(
        `${path}: ${atM} m, but "${strip}" lies between ${least} and ${most} m` +
          (isAlone ? '' : ' (its junctions left out)'),
      )
    return { way, atM: this.#onWay(way, atM) }
  }

  #segment(index: number): Segment {
    const { id, name, kind, along, fromM, toM } = this.#map.segments[index]!
    const path = `segments[${index}]`
    const from = this.#place(`${path}.fromM`, along[0]!, fromM)
    const to = this.#place(`${path}.toM`, along[along.length - 1]!, toM)
    const ways = this.#connected(along, `${path}.along`)
    const stretches: Stretch[] = ways.map((way, i) => ({
      way,
      fromM: i === 0 ? from.atM : 0,
      toM: i === ways.length - 1 ? to.atM : this.#lengthOf(way),
    }))
    const lengthM = stretches.reduce((sum, stretch) => sum + stretch.toM - stretch.fromM, 0)
    if (!(lengthM > 0) || stretches.some((stretch) => stretch.toM < stretch.fromM))
      this.#complaints.push(`${path}: it ends before it begins; ridden along ${along.join(' ')}`)
    return { id, name, kind, along: stretches, lengthM }
  }

  #route(
    route: MapRoute,
    path: string,
    { lines, pens }: { lines: readonly NetworkLine[]; pens: readonly { id: string; way: number; atM: number }[] },
  ): Route {
    const { id, name, isLap, laps, pen: penId, finish: finishLineId } = route
    const pen = pens.find((one) => one.id === penId)!
    const finish = lines.find((one) => one.id === finishLineId)!
    const given = { id, name, penId, laps, isLap, finishLineId }
    if (this.#plans.length === 1) return { ...given, ...this.#routeAlone(pen.atM, finish.atM, isLap, path) }
    const lap = this.#connected(isLap ? [...route.roads, route.roads[0]!] : route.roads, `${path}.roads`)
    if (isLap) lap.pop()
    const penStrip = this.#stripOf(pen.way)
    const startsOn = route.leadIn[0] ?? route.roads[0]!
    const onward = this.#connected([...route.leadIn, route.roads[0]!], `${path}.leadIn`)
    onward.pop()
    let ways: number[]
    let lapLeg: number
    if (penStrip !== startsOn) {
      this.#complaints.push(
        `${path}.pen: the pen "${penId}" is on "${penStrip}", but the route begins on "${startsOn}"`,
      )
      ways = [...onward, ...lap]
      lapLeg = onward.length
    } else if (onward.length > 0) {
      ways = [...onward, ...lap]
      lapLeg = onward.length
    } else if (isLap) {
      // The pen is on the lap itself: from there to the end of its way is the lead-in, and the lap begins behind it.
      ways = [lap[0]!, ...lap.slice(1), lap[0]!]
      lapLeg = 1
    } else {
      ways = lap
      lapLeg = 0
    }
    let atM = 0
    const legs: Leg[] = ways.map((way, i) => {
      const leg = { way, fromM: i === 0 ? pen.atM : 0, toM: this.#lengthOf(way), atM }
      atM += leg.toM - leg.fromM
      return leg
    })
    const leadInM = legs[lapLeg]!.atM
    // A lead-in that lies on the lap crosses the line as the lap does; another one may pass it without counting.
    const isOn = (leg: Leg) => leg.way === finish.way && finish.atM > leg.fromM && finish.atM <= leg.toM
    const counted = legs.slice(onward.length)
    const found = isLap ? counted.find(isOn) : counted.findLast(isOn)
    if (found === undefined || !lap.includes(finish.way))
      this.#complaints.push(`${path}.finish: the line "${finishLineId}" does not lie on the route's roads`)
    const crossedM = (leg: Leg) => leg.atM + finish.atM - leg.fromM
    const lapFinishM = found === undefined ? 0 : crossedM(found)
    const endM = isLap ? atM : lapFinishM
    const early = isLap ? legs.slice(0, onward.length).find(isOn) : undefined
    const isOnLap = early !== undefined && Math.abs(lapFinishM - crossedM(early) - (endM - leadInM)) < 1
    const finishM = isOnLap ? crossedM(early) : lapFinishM
    const climb = (fromM: number, toM: number) => this.#climb(legs, fromM, toM)
    return {
      ...{ ...given, legs, lapLeg, leadInM, lapM: endM - leadInM, finishM },
      ...{ leadInClimbM: climb(0, leadInM), climbM: climb(leadInM, endM) },
    }
  }

  #routeAlone(penM: number, finishM: number, isLap: boolean, path: string) {
    const { lengthM } = this.#columns.ways[0]!
    const { isLoop } = this.#columns
    if (isLap && !isLoop) this.#complaints.push(`${path}.isLap: the road is not closed, so it makes no lap`)
    const wayM = isLoop ? lengthM : lengthM - penM
    const legs: Leg[] = [{ way: 0, fromM: penM, toM: penM + wayM, atM: 0 }]
    const aheadM = finishM > penM ? finishM - penM : isLoop ? finishM - penM + lengthM : NaN
    if (!(aheadM > 0)) this.#complaints.push(`${path}.finish: the line lies behind the pen`)
    const lapM = isLap ? lengthM : aheadM
    return { legs, lapLeg: 0, leadInM: 0, lapM, leadInClimbM: 0, climbM: this.#climb(legs, 0, lapM), finishM: aheadM }
  }

  /** Every rise between samples, summed. */
  #climb(legs: readonly Leg[], fromM: number, toM: number): number {
    const { heightCount, isLoop, count, ways } = this.#columns
    let sum = 0
    for (const leg of legs) {
      const a = Math.max(leg.fromM, leg.fromM + fromM - leg.atM)
      const b = Math.min(leg.toM, leg.fromM + toM - leg.atM)
      for (let m = Math.ceil(a); m + 1 <= b; m++) {
        const i = ways[leg.way]!.startM + m
        const rise = isLoop
          ? heightCount[(i + 1) % count]! - heightCount[i % count]!
          : heightCount[i + 1]! - heightCount[i]!
        sum += Math.max(0, rise)
      }
    }
    return sum * HEIGHT_UNIT_M
  }

  #lengthOf(way: number): number {
    return this.#columns.ways[way]!.lengthM
  }

  #stripOf(way: number): StripRef {
    const { road, isReversed } = this.#plans[way]!
    return (isReversed ? '<' : '>') + this.#map.roads[road]!.id
  }

  /** The ways along some strips, with the connectors between them. */
  #connected(strips: readonly StripRef[], path: string): number[] {
    const ways: number[] = []
    strips.forEach((strip, i) => {
      const way = wayOfStrip(this.#map, this.#plans, strip)
      const before = ways[ways.length - 1]
      if (before !== undefined) {
        const connector = this.#plans.findIndex((plan) => plan.fromWay === before && plan.toWay === way)
        if (connector < 0)
          this.#complaints.push(
            `${path}[${i}]: nothing leads from "${strips[i - 1]}" to "${strip}"; let both meet at a node that permits the turn`,
          )
        else ways.push(connector)
      }
      ways.push(way)
    })
    return ways
  }
}
