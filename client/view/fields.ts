import { vec } from './ground-glsl.ts'
import type { Look } from './looks/look.ts'

/**
 * The patchwork of fields: parcels of one size in rows, turned and swayed a little, the same on the processor (hedges
 * and walls stand on their borders) and in the shader that colours them.
 */
const TURN = { c: 0.86, s: 0.51 }
const SWAY_M = 15
const SWAY_PER_M = { u: 0.0071, v: 0.0059 }
/** Each row of parcels begins this share of a parcel farther on than the one before. */
const SHIFT = 0.618

export interface BorderPiece {
  readonly x: number
  readonly z: number
  /** Which way the border runs, rad about the upright as a plant is turned. */
  readonly turnRad: number
}

/** Hash of two whole numbers, 0 … 1; `hash2` of NOISE_GLSL is the same. */
export function hashOf(x: number, y: number): number {
  let h = Math.imul(x | 0, 1597334677) ^ Math.imul(y | 0, 3812015801 | 0)
  h = Math.imul(h ^ (h >>> 15), 2246822519 | 0)
  h ^= h >>> 13
  return (h >>> 8) / 16777216
}

/** Places along all borders of parcels, so far apart, inside a box; `isWanted` is asked once for each parcel's middle. */
export function borderPieces(
  { wideM, deepM, borderShare }: Look['fields'],
  box: { readonly minX: number; readonly maxX: number; readonly minZ: number; readonly maxZ: number },
  everyM: number,
  isWanted: (x: number, z: number) => boolean,
  put: (piece: BorderPiece) => void,
): void {
  const corners = [
    [box.minX, box.minZ],
    [box.maxX, box.minZ],
    [box.minX, box.maxZ],
    [box.maxX, box.maxZ],
  ].map(([x, z]) => [TURN.c * x! - TURN.s * z!, TURN.s * x! + TURN.c * z!] as const)
  const lowV = Math.floor((Math.min(...corners.map(([, v]) => v)) - SWAY_M) / deepM)
  const highV = Math.ceil((Math.max(...corners.map(([, v]) => v)) + SWAY_M) / deepM)
  const lowU = Math.min(...corners.map(([u]) => u)) - SWAY_M - wideM
  const highU = Math.max(...corners.map(([u]) => u)) + SWAY_M + wideM
  const at = { x: 0, z: 0 }
  const run = (u0: number, v0: number, u1: number, v1: number): void => {
    const length = Math.sqrt((u1 - u0) ** 2 + (v1 - v0) ** 2)
    const count = Math.floor(length / everyM)
    for (let k = 0; k < count; k++) {
      const f = (k + 0.5) / count
      placeOf(u0 + (u1 - u0) * f, v0 + (v1 - v0) * f, at)
      const { x, z } = at
      placeOf(u0 + (u1 - u0) * (f + 0.2 / count), v0 + (v1 - v0) * (f + 0.2 / count), at)
      put({ x, z, turnRad: Math.atan2(-(at.z - z), at.x - x) })
    }
  }
  for (let row = lowV; row <= highV; row++) {
    const shift = (row * SHIFT - Math.floor(row * SHIFT)) * wideM
    const first = Math.floor((lowU + shift) / wideM)
    const last = Math.ceil((highU + shift) / wideM)
    for (let column = first; column <= last; column++) {
      const u = column * wideM - shift
      const v = row * deepM
      placeOf(u + wideM / 2, v + deepM / 2, at)
      if (at.x < box.minX || at.x > box.maxX || at.z < box.minZ || at.z > box.maxZ) continue
      if (!isWanted(at.x, at.z)) continue
      if (hashOf(column + 31, row) < borderShare) run(u, v, u + wideM, v)
      if (hashOf(column, row + 57) < borderShare) run(u, v, u, v + deepM)
    }
  }
}

/** From the parcels' own axes back to the picture's: the sway is small, a few rounds find it. */
function placeOf(u: number, v: number, out: { x: number; z: number }): void {
  let pu = u
  let pv = v
  for (let k = 0; k < 5; k++) {
    const nu = u - SWAY_M * Math.sin(pv * SWAY_PER_M.u)
    pv = v - SWAY_M * Math.sin(pu * SWAY_PER_M.v)
    pu = nu
  }
  out.x = TURN.c * pu + TURN.s * pv
  out.z = -TURN.s * pu + TURN.c * pv
}

/**
 * `vec4 parcel(vec2 place)`: a crop's colour, and 0 … 1 from its border inwards. Besides: a tone of the parcel's own, how far
 * the border with a hedge, wall or fence is (m), and how much of a farm track a place is.
 */
export function parcelGlsl({ wideM, deepM, crops, share, borderShare }: Look['fields']): string {
  const chosen = crops.map((rgb, i) => `h<${((i + 1) / crops.length).toFixed(3)}?${vec(rgb)}`).join(':')
  return `float parcelTone,parcelEdge,parcelTrack;
    vec4 parcel(vec2 place){
    vec2 p=vec2(${TURN.c}*place.x-${TURN.s}*place.y,${TURN.s}*place.x+${TURN.c}*place.y);
    p+=${SWAY_M}.*sin(p.yx*vec2(${SWAY_PER_M.u},${SWAY_PER_M.v}));
    vec2 size=vec2(${wideM}.,${deepM}.); float row=floor(p.y/size.y);
    p.x+=fract(row*${SHIFT})*size.x;
    vec2 cell=vec2(floor(p.x/size.x),row), f=fract(p/size);
    float h=hash2(cell+3.); vec3 crop=${chosen}:${vec(crops[0]!)};
    parcelTone=hash2(cell+19.); crop*=.82+.36*parcelTone;
    float lane=hash2(cell+5.)<.6?p.y:p.x, w=fwidth(lane);
    float fine=smoothstep(1.4,.3,w), tram=smoothstep(5.,1.5,w);
    crop*=1.+.2*sin(lane*2.4)*fine-.18*tram*smoothstep(.4,.46,abs(fract(lane/19.)-.5))*step(.5,hash2(cell+8.));
    // Growth is uneven: thin on a rise, lush in a hollow.
    crop*=.8+.4*(noise2(p*.045)*.6+noise2(p*.19)*.4);
    vec2 edge=f*size+99.*step(${borderShare.toFixed(2)},vec2(hash2(cell+vec2(0,57)),hash2(cell+vec2(31,0)))); parcelEdge=min(edge.x,edge.y);
    float way=abs(f.y*size.y-3.9); parcelTrack=step(hash2(vec2(row,77)),.3)*smoothstep(1.5,1.1,way)*(1.-.6*smoothstep(.4,.2,way)*smoothstep(.5,.1,w));
    vec2 rims=min(f,1.-f)*size;
    return vec4(crop,smoothstep(.9,2.4,min(rims.x,rims.y))*step(hash2(cell+11.),${share.toFixed(2)}));}`
}
