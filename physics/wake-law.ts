/**
 * What one rider's air does to another's drag: the law alone, of two places and a size, without riders or roads. The
 * numbers are fitted to every published point at once (`gruppetto fit-drafting`, docs/physics.md). All of it lives in
 * the axes of the source's apparent wind: `down` metres downstream of it, `across` beside that line, centre to centre.
 */

/** Front wheel to rear wheel of one bicycle, m; the gap of two riders is the difference of their places less this. */
export const BICYCLE_LENGTH_M = 1.68
/** The lone rider of the in-line table, m²: what strengths and widths are measured by (van Druenen & Blocken 2021). */
export const REFERENCE_AREA_M2 = 0.473

export interface WakeLaw {
  /** Share of drag that comes in from the sides, however many ride in line ahead. The rest is the core's. */
  readonly inflow: number
  /** What one rider right ahead takes away of the core's share; with the gap it falls as tail + (1 − tail) / (1 + gap / length). */
  readonly core: number
  readonly coreLengthM: number
  readonly coreTail: number
  /** Half its width. */
  readonly coreHalfM: number
  /** What each rider ahead, but not in line, takes away of the inflow: it stands in its way. And half the width of that. */
  readonly side: number
  readonly sideHalfM: number
  /** Where they end, m of gap: they taper to exactly nothing there. */
  readonly coreReachM: number
  readonly sideReachM: number
  /** Both begin at the first of these distances centre to centre, and are whole at the second, m. */
  readonly onsetFromM: number
  readonly onsetToM: number
  /** Air pushed aside: slower before a body, faster alongside (m³, m³, and the length that softens them near the body). */
  readonly push: number
  readonly beside: number
  readonly softM: number
  /** Where that ends, m in line; across it ends at a third of it. */
  readonly pushReachM: number
  /** At most, shares of the drag alone in still air. */
  readonly pushMost: number
  readonly besideMost: number
  /** Nobody is sheltered beyond this. */
  readonly least: number
}

/** Widths and reaches are the reference rider's. Which of these are fitted and which chosen: docs/physics.md. */
export const WAKE_LAW: WakeLaw = {
  inflow: 0.352,
  core: 0.7507,
  coreLengthM: 3.5729,
  coreTail: 0.054,
  coreHalfM: 0.6547,
  side: 0.1202,
  sideHalfM: 1.5,
  coreReachM: 24,
  sideReachM: 14,
  onsetFromM: 0.2,
  onsetToM: 1.5,
  push: 0.2546,
  beside: 0.0387,
  softM: 0.6917,
  pushReachM: 12,
  pushMost: 0.14,
  besideMost: 0.2,
  least: 0.05,
}

/** The law with its divisions done. */
export type Kernel = ReturnType<typeof kernelOf>

export function kernelOf(law: WakeLaw) {
  return {
    ...law,
    corePm: 1 / law.coreLengthM,
    coreHalf2: law.coreHalfM * law.coreHalfM,
    corePm2: 1 / (law.coreHalfM * law.coreHalfM),
    sideHalf2: law.sideHalfM * law.sideHalfM,
    sidePm2: 1 / (law.sideHalfM * law.sideHalfM),
    sideMost: 6.75 * law.side,
    coreFarPm: 1 / law.coreReachM,
    sideFarPm: 1 / law.sideReachM,
    onsetPm: 1 / (law.onsetToM - law.onsetFromM),
    pushPm2: 1 / (law.pushReachM * law.pushReachM),
    softM2: law.softM * law.softM,
    full: law.least / (1 + law.besideMost),
  }
}

export const KERNEL: Kernel = kernelOf(WAKE_LAW)

/**
 * How one wake acts on one body: how far down it is (`down`, gap `gapM`) and how far in sizes of the source (`far`), how
 * far across (`u`, squared and by its area), what share of it is felt (`whole`). Answers what is left of the core and of
 * the inflow. Fields, for numbers handed over may be new objects.
 */
export class Wake {
  down = 0
  gapM = 0
  far = 0
  u = 0
  whole = 0
  core = 1
  side = 1

  /** Called where `u` and `far` are within its half width and its reach. */
  act(law: Kernel): void {
    const { far, u } = this
    const b = Math.min(1, (this.down - law.onsetFromM) * law.onsetPm)
    const whole = this.whole * b * b * (3 - 2 * b)
    let side = 1
    let core = 1
    if (far < law.sideReachM) {
      // Nothing in line, most at 0.58 of the half width, nothing at its edge: 27/4 v (1 − v)².
      const v = 1 - u * law.sidePm2
      const f = far * law.sideFarPm
      side -= Math.min(0.98, law.sideMost * whole * (1 - f * f) * (1 - v) * v * v)
    }
    const w = 1 - u * law.corePm2
    if (w > 0) {
      const f = far * law.coreFarPm
      const fallen = law.coreTail + (1 - law.coreTail) / (1 + this.gapM * law.corePm)
      core -= Math.min(0.98, law.core * whole * (1 - f * f) * fallen * w * w)
    }
    this.side = side
    this.core = core
  }
}

/** Newton's cube root from a guess that is right for 1: to the last bits between 1/20 and 50, the same in every engine. */
export function cubeRoot(value: number): number {
  let root = (2 + value) / 3
  for (let i = 0; i < 9; i++) root -= (root - value / (root * root)) / 3
  return root
}

/** What bodies have felt so far: products of what cores and sides leave, sums of what pushes and of what is faster beside. */
export class WakeSums {
  readonly core: Float64Array
  readonly side: Float64Array
  readonly push: Float64Array
  readonly beside: Float64Array
  readonly #one = new Float64Array(1)

  constructor(bodies: number) {
    this.core = new Float64Array(bodies)
    this.side = new Float64Array(bodies)
    this.push = new Float64Array(bodies)
    this.beside = new Float64Array(bodies)
  }

  clear(k: number): void {
    this.core[k] = 1
    this.side[k] = 1
    this.push[k] = 0
    this.beside[k] = 0
  }

  /** As a share of the drag alone. A push is felt through the air that is left, hence the root. */
  factor(k: number, law: Kernel = KERNEL): number {
    this.factors(this.#one, k, 1, law)
    return this.#one[0]!
  }

  /** The factors of bodies `from` and on, `count` of them, into the rows that `rowOf` says, or one after the other. */
  factors(out: Float64Array, from: number, count: number, law: Kernel = KERNEL, rowOf?: ArrayLike<number>): void {
    const { core, side, push, beside } = this
    for (let k = from; k < from + count; k++) {
      const sheltered = law.inflow * side[k]! + (1 - law.inflow) * core[k]!
      const faster = Math.min(law.besideMost, beside[k]!)
      const pushed = Math.min(law.pushMost, push[k]!)
      const share = Math.max(law.least, sheltered * (1 + faster) - pushed * Math.sqrt(sheltered))
      out[rowOf === undefined ? k - from : rowOf[k]!] = share
    }
  }
}

/**
 * Bodies in the air, by column, sorted along the road: index k + 1 is ahead of k or level with it. A body is a place, a
 * size, and where its wake goes; what it has felt is written beside that.
 */
export class Air {
  /** Place along the road and to the right of its middle, m. */
  readonly alongM: Float64Array
  readonly rightM: Float64Array
  /** From its middle to the end of its wheels, m. */
  readonly halfLengthM: Float64Array
  /** Where the air goes over it: a unit vector in road axes (−1, 0 in still air), and its speed. */
  readonly downAlong: Float64Array
  readonly downRight: Float64Array
  readonly airMps: Float64Array
  /** 1 / airMps; whoever stands in still air: 0. */
  readonly airPer: Float64Array
  /** (A / A₀)^⅓: the deficit far behind a body grows as the cube root of its drag (Tennekes & Lumley 1972, ch. 4). */
  readonly strength: Float64Array
  /** (A / A₀)^½, A / A₀ and A₀ / A. */
  readonly scale: Float64Array
  readonly areaRatio: Float64Array
  readonly areaPer: Float64Array
  readonly felt: WakeSums
  readonly #wake = new Wake()

  constructor(capacity: number) {
    const column = () => new Float64Array(capacity)
    this.alongM = column()
    this.rightM = column()
    this.halfLengthM = column().fill(BICYCLE_LENGTH_M / 2)
    this.downAlong = column().fill(-1)
    this.downRight = column()
    this.airMps = column().fill(1)
    this.airPer = column().fill(1)
    this.strength = column()
    this.scale = column()
    this.areaRatio = column()
    this.areaPer = column()
    this.felt = new WakeSums(capacity)
  }

  /** Sets what the law asks of a drag area. */
  measure(k: number, areaM2: number): void {
    const ratio = areaM2 / REFERENCE_AREA_M2
    this.areaRatio[k] = ratio
    this.areaPer[k] = 1 / ratio
    this.scale[k] = Math.sqrt(ratio)
    this.strength[k] = cubeRoot(ratio)
  }

  /**
   * Body `k` meets `from` … `to`, all ahead of it or level (`plusM` more than their places say); each feels the other. It
   * is `feel` twice, bit for bit, in one walk: what can be left out without asking is left out. Here a bunch spends its time.
   */
  meet(k: number, from: number, to: number, plusM: number, law: Kernel = KERNEL): void {
    const { alongM, rightM, halfLengthM, downAlong, downRight, airMps, airPer } = this
    const { strength, scale, areaRatio, areaPer } = this
    const { core, side, push, beside } = this.felt
    const wake = this.#wake
    // Where air goes back along the road, those ahead of a body feel a push at most, and that ends soon.
    const farM = law.pushReachM * scale[k]! + (downAlong[k]! > -0.5 ? 1e9 : 0)
    const hereAlongM = alongM[k]! - plusM
    const hereRightM = rightM[k]!
    const hereHalfM = halfLengthM[k]!
    const hereDownAlong = downAlong[k]!
    const hereDownRight = downRight[k]!
    const hereAirMps = airMps[k]!
    const hereAirPer = airPer[k]!
    const hereRatio = areaRatio[k]!
    const herePer = areaPer[k]!
    const hereScale = scale[k]!
    let coreLeft = core[k]!
    let sideLeft = side[k]!
    let besideSum = beside[k]!
    let isFull = false
    for (let j = from; j < to; j++) {
      const aheadM = alongM[j]! - hereAlongM
      const y = rightM[j]! - hereRightM

      // The air of those ahead: the wake, and beside it what is faster.
      const downJ = -(aheadM * downAlong[j]! + y * downRight[j]!)
      const acrossJ = aheadM * downRight[j]! - y * downAlong[j]!
      const across2 = acrossJ * acrossJ
      const per = areaPer[j]!
      const u = across2 * per
      if (downJ > law.onsetFromM && u < law.sideHalf2 && !isFull) {
        const gapM = Math.max(0, downJ - hereHalfM - halfLengthM[j]!)
        const far = gapM * per
        if (u < (far < law.sideReachM ? law.sideHalf2 : law.coreHalf2) && far < law.coreReachM) {
          if (law.inflow * sideLeft + (1 - law.inflow) * coreLeft < law.full) isFull = true
          else {
            wake.down = downJ
            wake.gapM = gapM
            wake.far = far
            wake.u = u
            wake.whole = Math.min(1, airMps[j]! * hereAirPer) * strength[j]!
            wake.act(law)
            sideLeft *= wake.side
            coreLeft *= wake.core
          }
        }
      }
      const ratio = areaRatio[j]!
      const downJ2 = downJ * downJ
      const fieldJ = law.push * downJ2 - law.beside * ratio * across2
      if ((fieldJ < 0 || downJ < 0) && !isFull) {
        const edge = 1 - (downJ2 + 9 * across2) * per * law.pushPm2
        if (edge > 0) {
          const soft = downJ2 + across2 + law.softM2 * ratio
          const share = Math.min(1, airMps[j]! * hereAirPer)
          const felt = (share * scale[j]! * ratio * edge * fieldJ) / (soft * soft * Math.sqrt(soft))
          if (felt < 0) besideSum -= felt
          else push[k]! += felt
        }
      }

      // What they feel of its own.
      if (aheadM > farM) continue
      const down = aheadM * hereDownAlong + y * hereDownRight
      const across = y * hereDownAlong - aheadM * hereDownRight
      const beside2 = across * across
      if (down > law.onsetFromM && beside2 * herePer < law.sideHalf2) {
        // Wind from the side: a little ahead, and yet in the lee.
        const gapM = Math.max(0, down - hereHalfM - halfLengthM[j]!)
        const far = gapM * herePer
        if (beside2 * herePer < (far < law.sideReachM ? law.sideHalf2 : law.coreHalf2) && far < law.coreReachM) {
          wake.down = down
          wake.gapM = gapM
          wake.far = far
          wake.u = beside2 * herePer
          wake.whole = Math.min(1, hereAirMps * airPer[j]!) * strength[k]!
          wake.act(law)
          side[j]! *= wake.side
          core[j]! *= wake.core
        }
      }
      const down2 = down * down
      const edge = 1 - (down2 + 9 * beside2) * herePer * law.pushPm2
      if (!(edge > 0)) continue
      const field = law.push * down2 - law.beside * hereRatio * beside2
      if (field >= 0 && down >= 0) continue
      const soft = down2 + beside2 + law.softM2 * hereRatio
      const share = Math.min(1, hereAirMps * airPer[j]!)
      const felt = (share * hereScale * hereRatio * edge * field) / (soft * soft * Math.sqrt(soft))
      if (felt < 0) beside[j]! -= felt
      else push[j]! += felt
    }
    core[k] = coreLeft
    side[k] = sideLeft
    beside[k] = besideSum
  }

  /**
   * The law. `isBehind`: body `k` feels the air of each of `from` … `to`, who are ahead; else each of them feels the air
   * of `k`. A source whose air is slower than the target's counts as much less: who stands leaves no wake. One loop with
   * everything in it, for here a bunch spends its time.
   */
  feel(k: number, from: number, to: number, plusM: number, isBehind: boolean, law: Kernel = KERNEL): void {
    const { alongM, rightM, halfLengthM, downAlong, downRight, airMps, airPer } = this
    const { strength, scale, areaRatio, areaPer } = this
    const { core, side, push, beside } = this.felt
    const wake = this.#wake
    const hereAlongM = alongM[k]! - plusM
    const hereRightM = rightM[k]!
    // Where air goes back along the road, those ahead of a body feel a push at most, and that ends soon.
    const farM = isBehind || downAlong[k]! > -0.5 ? Infinity : law.pushReachM * scale[k]!
    const sign = isBehind ? -1 : 1
    for (let j = from; j < to; j++) {
      const aheadM = alongM[j]! - hereAlongM
      if (aheadM > farM) break
      const source = isBehind ? j : k
      const target = isBehind ? k : j
      const x = sign * aheadM
      const y = sign * (rightM[j]! - hereRightM)
      const down = x * downAlong[source]! + y * downRight[source]!
      const across = y * downAlong[source]! - x * downRight[source]!
      const across2 = across * across
      const per = areaPer[source]!

      // In the wake: a core in line, and around it what stands in the way of air from the sides.
      if (down > law.onsetFromM) {
        const gapM = Math.max(0, down - halfLengthM[target]! - halfLengthM[source]!)
        const far = gapM * per
        const u = across2 * per
        if (u < (far < law.sideReachM ? law.sideHalf2 : law.coreHalf2) && far < law.coreReachM) {
          // Sheltered to the full: nothing that follows can change that.
          if (isBehind && law.inflow * side[k]! + (1 - law.inflow) * core[k]! < law.full) break
          wake.down = down
          wake.gapM = gapM
          wake.far = far
          wake.u = u
          wake.whole = Math.min(1, airMps[source]! * airPer[target]!) * strength[source]!
          wake.act(law)
          side[target]! *= wake.side
          core[target]! *= wake.core
        }
      }

      // Air pushed aside: a doublet, softened near the body, (2x² − y²) / r⁵, that ends on an ellipse. Downstream its
      // slower half is the wake itself.
      const ratio = areaRatio[source]!
      const down2 = down * down
      const field = law.push * down2 - law.beside * ratio * across2
      if (field < 0 || down < 0) {
        const edge = 1 - (down2 + 9 * across2) * per * law.pushPm2
        if (edge > 0) {
          const soft = down2 + across2 + law.softM2 * ratio
          const share = Math.min(1, airMps[source]! * airPer[target]!)
          const felt = (share * scale[source]! * ratio * edge * field) / (soft * soft * Math.sqrt(soft))
          if (felt < 0) beside[target]! -= felt
          else push[target]! += felt
        }
      }
    }
  }
}
