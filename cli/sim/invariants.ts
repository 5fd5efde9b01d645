import type { RiderId } from '#protocol/ids'
import { POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import { RIDER_COLUMNS } from '#physics/riders'
import type { World } from '#server/world/world'
import type { JournalRecord } from '#server/world/records'

/** What must be true after every tick; the first time it is not, a sentence. */
export class Invariants {
  readonly broken: string[] = []
  readonly #world: World
  /** By row: what the stamps of the samples taken so far are worth, counted apart from the ledger. */
  readonly #worthJ = new Map<number, number>()
  readonly #newest = new Map<number, { atMs: number; powerW: number; tick: number; isClosed: boolean }>()
  /** Ticks in which each rider was on the road. */
  readonly #stays = new Map<RiderId, { fromTick: number; toTick: number }[]>()
  readonly #riderOfRow = new Map<number, RiderId>()
  /** Of riders who are no bots. */
  samplesTaken = 0
  readonly #botRows = new Set<number>()

  constructor(world: World) {
    this.#world = world
  }

  /** Reads the journal as it is written. */
  note(line: string): void {
    if (!line.startsWith('[')) return
    const record = JSON.parse(line) as JournalRecord
    switch (record[0]) {
      case 'join': {
        const riderId = record[3].riderId as RiderId
        const stays = this.#stays.get(riderId) ?? []
        stays.push({ fromTick: record[1], toTick: Infinity })
        this.#stays.set(riderId, stays)
        this.#riderOfRow.set(record[2], riderId)
        this.#worthJ.set(record[2], 0)
        this.#newest.delete(record[2])
        if (record[3].isBot) this.#botRows.add(record[2])
        else this.#botRows.delete(record[2])
        return
      }
      case 'leave':
        this.#stays.get(this.#riderOfRow.get(record[2])!)!.at(-1)!.toTick = record[1]
        return
      case 'session': {
        const last = this.#newest.get(record[2])
        if (last !== undefined) last.isClosed = true
        return
      }
      case 'sample': {
        const [, tick, row, , atMs, powerW] = record
        if (!this.#botRows.has(row)) this.samplesTaken++
        const last = this.#newest.get(row)
        // Across two clocks the ticks are the only measure.
        const forMs = last === undefined ? 0 : last.isClosed ? (tick - last.tick) * TICK_MS : (atMs - last.atMs) >>> 0
        this.#worthJ.set(row, (this.#worthJ.get(row) ?? 0) + (last === undefined ? 0 : worthJ(last.powerW, forMs)))
        this.#newest.set(row, { atMs, powerW, tick, isClosed: false })
        return
      }
      case 'turn':
      case 'gear':
      case 'route':
      case 'fact':
      case 'zone':
      case 'effort':
      case 'crossing':
      case 'checkpoint':
      case 'end':
    }
  }

  /** After every tick. */
  check(): void {
    const { riders, tick } = this.#world
    for (const name of RIDER_COLUMNS) {
      const column = riders[name]
      for (let row = 0; row < riders.count; row++) {
        if (!Number.isFinite(column[row]!)) this.#say(`tick ${tick}: ${name} of row ${row} is ${column[row]!}`)
      }
    }
    for (const [row, worthSoFarJ] of this.#worthJ) {
      const last = this.#newest.get(row)
      if (last === undefined || riders.id[row] === 0) continue
      const runningJ = worthJ(last.powerW, (tick - last.tick) * TICK_MS)
      const accountJ = riders.workJ[row]! + riders.owedJ[row]!
      const stampsJ = worthSoFarJ + runningJ
      if (accountJ > stampsJ + 1e-6 * (1 + stampsJ)) {
        this.#say(`tick ${tick}: row ${row} was credited ${accountJ} J, its stamps are worth ${stampsJ} J`)
      }
    }
  }

  /** A client was told of a rider. */
  seen(viewer: RiderId, riderId: RiderId, tick: number, isLeave: boolean): void {
    const stays = this.#stays.get(riderId) ?? []
    const wasThere = stays.some((stay) => tick >= stay.fromTick && (tick <= stay.toTick || isLeave))
    if (!wasThere) this.#say(`rider ${viewer} was told of rider ${riderId} at tick ${tick}, who was not there`)
  }

  #say(sentence: string): void {
    if (this.broken.length < 20) this.broken.push(sentence)
  }
}

/** Hold and decay written down a second time, so that a mistake in physics/hold.ts does not confirm itself. */
export function worthJ(powerW: number, forMs: number): number {
  const heldS = Math.min(forMs, POWER_HOLD_MS) / 1000
  const fallS = Math.min(Math.max(0, forMs - POWER_HOLD_MS), POWER_DECAY_MS) / 1000
  const endW = powerW * (1 - (fallS * 1000) / POWER_DECAY_MS)
  return powerW * heldS + ((powerW + endW) / 2) * fallS
}
