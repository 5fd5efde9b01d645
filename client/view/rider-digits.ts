import { ClampToEdgeWrapping, DataTexture, LinearFilter, RedFormat } from 'three'

/** Ten digits side by side, drawn from strokes: at each texel the distance to the nearest one, so edges stay sharp from close by. */
const CELL_PX = { wide: 24, high: 36 } as const
/** Distance at which the field is wholly black, in cells' heights. */
const REACH = 0.14
export const DIGIT_STROKE = 0.062

type Point = readonly [x: number, y: number]
/** An arc: middle, radii, from and to in quarter turns clockwise from the top. */
type Arc = readonly [x: number, y: number, rx: number, ry: number, from: number, to: number]

const R = 0.19
/** In a box 0.66 wide and 1 high, y down; arcs become twelve short strokes. */
const DIGITS: readonly (readonly (readonly Point[] | Arc)[])[] = [
  [
    [0.33, 0.34, R, 0.2, -1, 1],
    [0.33, 0.66, R, 0.2, 1, 3],
    [
      [0.14, 0.34],
      [0.14, 0.66],
    ],
    [
      [0.52, 0.34],
      [0.52, 0.66],
    ],
  ],
  [
    [
      [0.2, 0.28],
      [0.36, 0.14],
      [0.36, 0.86],
    ],
  ],
  [
    [0.33, 0.33, R, 0.19, -1, 1.35],
    [
      [0.49, 0.43],
      [0.14, 0.86],
      [0.53, 0.86],
    ],
  ],
  [
    [0.32, 0.31, 0.17, 0.17, -0.9, 2],
    [0.32, 0.67, 0.2, 0.19, 0, 2.9],
  ],
  [
    [
      [0.4, 0.14],
      [0.12, 0.64],
      [0.54, 0.64],
    ],
    [
      [0.42, 0.4],
      [0.42, 0.86],
    ],
  ],
  [
    [
      [0.5, 0.14],
      [0.19, 0.14],
      [0.17, 0.47],
    ],
    [0.32, 0.64, 0.2, 0.22, -0.8, 2.8],
  ],
  [
    [0.33, 0.65, R, 0.21, 0, 4],
    [
      [0.44, 0.14],
      [0.26, 0.36],
      [0.15, 0.6],
    ],
  ],
  [
    [
      [0.13, 0.14],
      [0.53, 0.14],
      [0.26, 0.86],
    ],
  ],
  [
    [0.33, 0.31, 0.165, 0.17, 0, 4],
    [0.33, 0.67, 0.2, 0.19, 0, 4],
  ],
  [
    [0.33, 0.35, R, 0.21, 0, 4],
    [
      [0.51, 0.4],
      [0.4, 0.64],
      [0.22, 0.86],
    ],
  ],
]

export function createDigits(): DataTexture {
  const wide = CELL_PX.wide * 10
  const data = new Uint8Array(wide * CELL_PX.high)
  DIGITS.forEach((strokes, digit) => {
    const lines = strokes.map((stroke) =>
      typeof stroke[0] === 'number' ? arcPoints(stroke as Arc) : stroke,
    ) as Point[][]
    for (let row = 0; row < CELL_PX.high; row++) {
      for (let column = 0; column < CELL_PX.wide; column++) {
        const x = ((column + 0.5) / CELL_PX.wide) * 0.66
        const y = (row + 0.5) / CELL_PX.high
        let near = REACH * REACH
        for (const line of lines) {
          for (let k = 0; k + 1 < line.length; k++) near = Math.min(near, squareTo(x, y, line[k]!, line[k + 1]!))
        }
        data[(CELL_PX.high - 1 - row) * wide + digit * CELL_PX.wide + column] = 255 * (1 - Math.sqrt(near) / REACH)
      }
    }
  })
  const texture = new DataTexture(data, wide, CELL_PX.high, RedFormat)
  texture.minFilter = LinearFilter
  texture.magFilter = LinearFilter
  texture.wrapS = ClampToEdgeWrapping
  texture.unpackAlignment = 1
  texture.needsUpdate = true
  return texture
}

function arcPoints([x, y, rx, ry, from, to]: Arc): Point[] {
  return Array.from({ length: 13 }, (_, k) => {
    const turn = ((from + ((to - from) * k) / 12) * Math.PI) / 2
    return [x + Math.sin(turn) * rx, y - Math.cos(turn) * ry]
  })
}

function squareTo(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
  const [ox, oy] = [x - ax - dx * share, y - ay - dy * share]
  return ox * ox + oy * oy
}

/** Coverage of a number at `p`: middle at 0, a digit one high; only what stands there of 1 … 9999. */
export const DIGITS_GLSL = `
uniform sampler2D riderDigits;
float digitsOf(float number){return number>999.5?4.:number>99.5?3.:number>9.5?2.:1.;}
float numberAt(vec2 p,float number){
  if(number<.5||abs(p.y)>.5)return 0.;
  float count=digitsOf(number);
  float x=p.x/.66+count*.5;float cell=floor(x);
  if(cell<0.||cell>=count)return 0.;
  float digit=mod(floor(number/pow(10.,count-1.-cell)+.001),10.);
  float d=(1.-texture2D(riderDigits,vec2((digit+clamp(x-cell,.03,.97))/10.,p.y+.5)).r)*${REACH};
  float w=max(fwidth(p.y),.004);
  return 1.-smoothstep(${DIGIT_STROKE}-w,${DIGIT_STROKE}+w,d);}
`
