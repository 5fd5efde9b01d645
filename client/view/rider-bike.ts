import { BIKE } from './rider-measures.ts'
import { BONE, LEFT, TINT } from './rider-parts.ts'
import type { At, Shapes } from './rider-shapes.ts'

/** How finely a bicycle is made: 2 near, 1 middle, 0 low. */
export type Fineness = 0 | 1 | 2

type Pair = readonly [number, number]
const at = (x: number, [up, forward]: Pair): At => [x, up, forward]
const mix = (a: number, b: number, share: number): number => a + (b - a) * share

/**
 * A racing bicycle; `aero` 0: round tubes and shallow rims, 1: tubes like blades, deep rims, stays set low. The same
 * triangles for any `aero`: the shader goes from one to the other, and a little the other way for a climber's.
 */
export function bicycle(out: Shapes, fine: Fineness, aero: number): void {
  wheels(out, fine, aero)
  frame(out, fine, aero)
  cockpit(out, fine, aero)
  saddle(out, fine, aero)
  drive(out, fine)
  if (fine === 2) small(out)
  else lamps(out)
}

function wheels(out: Shapes, fine: Fineness, aero: number): void {
  const inner = mix(0.296, 0.262, aero)
  const segments = [7, 14, 34][fine]!
  // Tyre, flank of the rim, and its inner edge.
  const half: Pair[] = [
    [0.0135, 0.3285],
    [mix(0.0115, 0.0135, aero), mix(0.309, 0.3, aero)],
  ]
  const profile: Pair[] =
    fine === 0
      ? [
          [0, 0.34],
          [0.016, 0.304],
          [-0.016, 0.304],
        ]
      : fine === 1
        ? [[0, 0.34], half[0]!, [0, inner], [-half[0]![0], half[0]![1]]]
        : [[0, 0.34], ...half, [0, inner], ...half.toReversed().map(([x, r]): Pair => [-x, r])]
  for (const bone of [BONE.frontWheel, BONE.rearWheel]) {
    out.on(bone, TINT.wheel).lathe(profile, segments, [0, 0, 0], true)
    if (fine < 2) continue
    const wide = bone === BONE.frontWheel ? 0.034 : 0.042
    const hub: Pair[] = [
      [-wide, 0.006],
      [-wide + 0.004, 0.021],
      [wide - 0.004, 0.021],
      [wide, 0.006],
    ]
    out.on(bone, TINT.black).lathe(hub, 8)
  }
}

const HEAD_TOP: Pair = [0.868, 0.4]
const HEAD_BOTTOM: Pair = [0.712, 0.447]

function frame(out: Shapes, fine: Fineness, aero: number): void {
  const sides = [3, 4, 10][fine]!
  const bb = BIKE.bottomBracket
  const top: Pair = [mix(0.83, 0.845, aero), -0.158]
  const tube = (a: At, b: At, ra: Pair, rb: Pair) => {
    out.on(BONE.frame, TINT.frame).tube([a, b], [ra, rb], sides)
  }
  const blade = (round: number, deep: number): Pair => [mix(round, round * 0.72, aero), mix(round, deep, aero)]
  tube(at(0, bb), at(0, HEAD_BOTTOM), blade(0.026, 0.042), blade(0.024, 0.036))
  tube(at(0, bb), at(0, top), blade(0.019, 0.036), blade(0.016, 0.026))
  tube(at(0, top), at(0, HEAD_TOP), blade(0.015, 0.021), blade(0.019, 0.028))
  if (fine === 0) return
  tube(at(0, HEAD_BOTTOM), at(0, [HEAD_TOP[0] + 0.012, HEAD_TOP[1] - 0.004]), blade(0.026, 0.036), blade(0.021, 0.03))
  const stay = Math.min(sides, 6)
  const low: Pair = [mix(0.79, 0.65, aero), mix(-0.147, -0.108, aero)]
  for (const s of [1, -1]) {
    out.on(BONE.frame, TINT.frame)
    const drop = at(s * 0.062, [0.342, -0.408])
    out.tube(
      [at(s * 0.034, [0.282, -0.02]), at(s * 0.056, [0.3, -0.2]), drop],
      [[0.009, 0.016], [0.007, 0.012], 0.009],
      stay,
    )
    out.tube(
      [at(s * 0.016, low), at(s * 0.04, [mix(low[0], 0.34, 0.45), mix(low[1], -0.41, 0.45)]), drop],
      [0.009, 0.0075, 0.008],
      stay,
    )
    // The fork: from its crown past the tyre, a little forward at the end.
    const crown = at(s * 0.018, [0.712, 0.449])
    const hub = at(s * 0.054, BIKE.frontHub)
    out.tube(
      [crown, at(s * 0.044, [0.655, 0.468]), at(s * 0.052, [0.45, 0.532]), hub],
      [[0.018, 0.022], blade(0.013, 0.026), blade(0.01, 0.017), 0.009],
      stay,
    )
  }
  if (fine === 2) out.on(BONE.frame, TINT.carbon).tube([at(-0.045, bb), at(0.045, bb)], [0.023], 8)
}

/** The bar's left half: along the top, round the bend, through the drop. */
const BAR: readonly At[] = [
  [0, 0.945, 0.468],
  [0.1, 0.945, 0.47],
  [0.165, 0.945, 0.474],
  [0.2, 0.943, 0.498],
  [0.209, 0.94, 0.54],
  [0.212, 0.916, 0.592],
  [0.214, 0.868, 0.614],
  [0.216, 0.822, 0.59],
  [0.217, 0.806, 0.54],
  [0.218, 0.803, 0.475],
]

function cockpit(out: Shapes, fine: Fineness, aero: number): void {
  const sides = [3, 4, 6][fine]!
  const mirrored = (points: readonly At[], s: number): At[] => points.map(([x, y, z]) => [x * s, y, z])
  if (fine === 0) {
    for (const s of [1, -1]) out.on(BONE.frame, TINT.black).tube(mirrored([BAR[0]!, BAR[5]!], s), [0.017, 0.02], sides)
    return
  }
  const stem: At[] = [at(0, [0.895, 0.39]), at(0, [0.925, 0.4]), at(0, [0.945, 0.468])]
  out.on(BONE.frame, TINT.carbon).tube(stem, [0.021, 0.02, 0.019], Math.max(5, sides))
  for (const s of [1, -1]) {
    const points = mirrored(fine === 2 ? BAR : [BAR[0]!, BAR[2]!, BAR[4]!, BAR[6]!, BAR[9]!], s)
    // Tops like a wing: deep along the road, thin in height.
    const radii = points.map((_, i): number | Pair =>
      i < 3 && fine === 2 ? [mix(0.0155, 0.026, aero), mix(0.0155, 0.01, aero)] : i < 5 ? 0.0165 : 0.0155,
    )
    if (fine === 2) {
      out.on(BONE.frame, TINT.carbon).tube(points.slice(0, 3), radii.slice(0, 3), sides)
      out.on(BONE.frame, TINT.tape).tube(points.slice(2), radii.slice(2), sides)
    } else out.on(BONE.frame, TINT.tape).tube(points, radii, sides)
    if (fine < 2) continue
    const hood = mirrored(
      [
        [0.21, 0.938, 0.528],
        [0.211, 0.953, 0.572],
        [0.21, 0.976, 0.614],
        [0.209, 1.006, 0.63],
        [0.209, 1.016, 0.622],
      ],
      s,
    )
    out
      .on(BONE.frame, TINT.rubber)
      .tube(hood, [[0.013, 0.018], [0.016, 0.019], [0.017, 0.02], [0.015, 0.016], 0.004], sides)
    const lever = mirrored(
      [
        [0.21, 0.972, 0.632],
        [0.213, 0.92, 0.652],
        [0.216, 0.862, 0.646],
        [0.217, 0.84, 0.636],
      ],
      s,
    )
    out.on(BONE.frame, TINT.carbon).tube(lever, [[0.008, 0.005], [0.011, 0.005], [0.009, 0.004], 0.003], 6)
  }
}

function saddle(out: Shapes, fine: Fineness, aero: number): void {
  const [y, z] = BIKE.saddle
  const sides = [3, 4, 10][fine]!
  const post: Pair = [mix(0.012, 0.009, aero), mix(0.014, 0.024, aero)]
  if (fine > 0)
    out.on(BONE.saddle, TINT.carbon).tube([at(0, [0.77, -0.14]), at(0, [y - 0.035, z + 0.008])], [post], sides)
  // A saddle from its tail to its nose, each ring across.
  const rings: readonly (readonly [number, number, number, number])[] = [
    [-0.125, 0.012, 0.012, 0.004],
    [-0.12, 0.06, 0.014, 0.002],
    [-0.085, 0.073, 0.02, 0],
    [-0.03, 0.056, 0.019, -0.006],
    [0.03, 0.032, 0.019, -0.006],
    [0.1, 0.021, 0.019, -0.005],
    [0.145, 0.016, 0.014, -0.008],
    [0.152, 0.003, 0.004, -0.01],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? [rings[0]!, rings[2]!, rings[4]!, rings[7]!] : [rings[1]!, rings[5]!]
  const around = [4, 5, 10][fine]!
  out.on(BONE.saddle, TINT.black).skin(
    kept.map(([forward, half, thick, up]) =>
      Array.from({ length: around }, (_, k): At => {
        const angle = ((k + 0.5) / around) * Math.PI * 2
        const s = Math.sin(angle)
        return [Math.cos(angle) * half, y + up - thick * 0.6 + s * thick * (s > 0 ? 0.6 : 1.2), z + forward]
      }),
    ),
  )
}

function drive(out: Shapes, fine: Fineness): void {
  const { crankM, pedalX, rearHub } = BIKE
  if (fine === 0) return
  for (const [s, left] of [
    [-1, 0],
    [1, LEFT],
  ] as const) {
    const arm: At[] = [
      [s * 0.058, -0.012, 0],
      [s * 0.06, 0, 0],
      [s * 0.068, crankM * 0.6, 0],
      [s * 0.074, crankM + 0.012, 0],
    ]
    const radii: Pair[] = [
      [0.005, 0.012],
      [0.009, 0.019],
      [0.0075, 0.013],
      [0.006, 0.011],
    ]
    out
      .on(BONE.crank + left, TINT.carbon)
      .tube(fine === 2 ? arm : [arm[1]!, arm[3]!], fine === 2 ? radii : [0.011], fine === 2 ? 8 : 3)
    if (fine < 2) continue
    out.on(BONE.pedal + left, TINT.carbon)
    out.tube(
      [
        [s * 0.072, 0, 0],
        [s * (pedalX + 0.02), 0, 0],
      ],
      [0.009, 0.007],
      6,
    )
    out.box([s * pedalX, -0.002, 0.004], [0.052, 0.014, 0.066])
  }
  if (fine === 1) {
    out.on(BONE.crank, TINT.carbon).lathe(
      [
        [-0.052, 0.03],
        [-0.052, 0.097],
      ],
      8,
    )
    return
  }
  const ring = (r: number, x: number, thick: number): Pair[] => [
    [x - thick, r - 0.014],
    [x - thick, r],
    [x + thick, r],
    [x + thick, r - 0.014],
  ]
  out.on(BONE.crank, TINT.carbon).lathe(ring(0.1, -0.05, 0.0025), 24, [0, 0, 0], true)
  for (let k = 0; k < 4; k++) {
    const a = (k / 4) * Math.PI * 2 + 0.785
    const [up, forward] = [Math.cos(a), Math.sin(a)]
    out.on(BONE.crank, TINT.carbon).tube(
      [
        [-0.052, up * 0.012, forward * 0.012],
        [-0.051, up * 0.09, forward * 0.09],
      ],
      [
        [0.004, 0.014],
        [0.003, 0.007],
      ],
      4,
    )
  }
  // The cassette, and the chain over and under.
  const cassette: Pair[] = [
    [-0.019, 0.02],
    [-0.02, 0.057],
    [-0.041, 0.028],
    [-0.044, 0.012],
  ]
  out.on(BONE.rearWheel, TINT.steel).lathe(cassette, 14)
  out.on(BONE.frame, TINT.steel)
  const chain: Pair = [0.0035, 0.0055]
  const [by, bz] = BIKE.bottomBracket
  out.tube(
    [
      [-0.05, by + 0.099, bz - 0.008],
      [-0.034, rearHub[0] + 0.042, rearHub[1] + 0.004],
    ],
    [chain],
    4,
  )
  out.tube(
    [
      [-0.05, by - 0.096, bz - 0.016],
      [-0.036, 0.212, -0.384],
      [-0.035, 0.2, -0.402],
    ],
    [chain],
    4,
  )
  out.on(BONE.frame, TINT.black)
  out.tube(
    [
      [-0.05, 0.325, -0.424],
      [-0.044, 0.285, -0.418],
      [-0.037, 0.205, -0.4],
    ],
    [
      [0.009, 0.016],
      [0.008, 0.015],
      [0.005, 0.013],
    ],
    6,
  )
  out.lathe(
    [
      [-0.04, 0.006],
      [-0.04, 0.022],
      [-0.03, 0.022],
      [-0.03, 0.006],
    ],
    10,
    [0, 0.206, -0.4],
  )
}

/** From far away a lamp is a spark: two triangles that shine at night. */
function lamps(out: Shapes): void {
  const square = (y: number, z: number, s: number): At[] => [
    [-0.03 * s, y - 0.03, z],
    [0.03 * s, y - 0.03, z],
    [0.03 * s, y + 0.03, z],
    [-0.03 * s, y + 0.03, z],
  ]
  out.on(BONE.frame, TINT.lampFront).fan(square(0.93, 0.56, 1), [0, 0, 1])
  out.on(BONE.saddle, TINT.lampRear).fan(square(0.88, -0.24, -1), [0, 0, -1])
}

/** What only a look from close by can see: bottles and cages, callipers, computer, lamps, and the number's plate. */
function small(out: Shapes): void {
  const along = (from: Pair, [up, forward]: Pair, m: number): At => [0, from[0] + up * m, from[1] + forward * m]
  const bottle = (bone: number, middle: Pair, axis: Pair) => {
    const shape: readonly Pair[] = [
      [-0.1, 0.026],
      [-0.092, 0.034],
      [0.012, 0.0345],
      [0.024, 0.031],
      [0.06, 0.0345],
      [0.073, 0.02],
    ]
    out.on(bone, TINT.bottle).tube(
      shape.map(([m]) => along(middle, axis, m)),
      shape.map(([, r]) => r),
      8,
    )
    const neck: readonly Pair[] = [
      [0.072, 0.021],
      [0.082, 0.013],
      [0.104, 0.008],
    ]
    out.on(bone, TINT.black).tube(
      neck.map(([m]) => along(middle, axis, m)),
      neck.map(([, r]) => r),
      6,
    )
  }
  bottle(BONE.bottle, BIKE.bottle, BIKE.bottleAxis)
  const seatAxis: Pair = [0.962, -0.272]
  bottle(BONE.frame, [0.525, -0.015], seatAxis)
  out.on(BONE.frame, TINT.carbon)
  for (const [middle, axis] of [
    [BIKE.bottle, BIKE.bottleAxis],
    [[0.525, -0.015] as Pair, seatAxis],
  ] as const) {
    const [up, forward] = axis
    for (const s of [1, -1])
      out.tube(
        [-0.08, 0.0, 0.03].map((m): At => [s * 0.037, middle[0] + up * m, middle[1] + forward * m]),
        [0.0035],
        4,
      )
  }
  out.on(BONE.frame, TINT.black)
  out.box([0.05, 0.385, -0.355], [0.018, 0.05, 0.028])
  out.box([0.05, 0.415, 0.52], [0.018, 0.06, 0.026])
  // Computer before the stem, tilted to the eye.
  out.tube(
    [
      [0, 0.948, 0.478],
      [0, 0.955, 0.53],
    ],
    [[0.012, 0.005]],
    4,
  )
  out.box([0, 0.96, 0.55], [0.048, 0.012, 0.076])
  out.on(BONE.frame, TINT.screen).box([0, 0.9665, 0.55], [0.038, 0.002, 0.056])
  out.on(BONE.frame, TINT.lampFront).box([0, 0.93, 0.535], [0.026, 0.022, 0.03])
  out.on(BONE.saddle, TINT.lampRear).box([0, 0.88, -0.212], [0.024, 0.042, 0.02])
  out.on(BONE.plate, TINT.plate).box([0, 0.905, -0.228], [0.003, 0.075, 0.1])
}
