import type { VNode } from 'preact'
import { rides as words } from '../../words/rides.ts'
import type { RiderLook } from '../../world/rider-look.ts'
import { css, lightness, nearestColour } from './kit.ts'

/**
 * The kit on a rider, drawn flat: from behind, as the others see it, and from the side on the bike. Patterns are where
 * `view` paints them: the same heights of the trunk (0.064 … 0.533 m).
 */

/** Metres of the trunk to units of this drawing. */
const PER_M = 520
const yOf = (m: number): number => 24 + (0.56 - m) * PER_M

export function KitPicture({ look }: { look: RiderLook }): VNode {
  return (
    <svg class="kit-picture" viewBox="0 0 760 400" role="img" aria-label={kitWords(look)}>
      <ellipse cx={530} cy={372} rx={210} ry={10} class="floor" />
      <g transform="translate(-14 -14) scale(1.06)">
        <Back look={look} />
      </g>
      <g transform="translate(320 18)">
        <Side look={look} />
      </g>
    </svg>
  )
}

export function kitWords(look: RiderLook): string {
  return words.preview(words.colours[nearestColour(look.jersey)]!, words.patterns[look.pattern]!)
}

const JERSEY =
  'M118 58 C134 50 150 46 170 46 C190 46 206 50 222 58 L262 92 L282 168 L242 182 L234 140 L236 284 C214 296 126 296 104 284 L106 140 L98 182 L58 168 L78 92 Z'

function Back({ look }: { look: RiderLook }): VNode {
  const [jersey, accent, shorts] = [css(look.jersey), css(look.accent), css(look.shorts)]
  const isDark = lightness(look.jersey) < 0.2
  return (
    <g>
      <clipPath id="jersey-shape">
        <path d={JERSEY} />
      </clipPath>
      <path
        d="M104 276 C126 292 214 292 236 276 L240 362 L188 366 L172 318 L168 318 L152 366 L100 362 Z"
        fill={shorts}
      />
      <g clip-path="url(#jersey-shape)">
        <rect x={40} y={30} width={260} height={280} fill={jersey} />
        <Pattern kind={look.pattern} accent={accent} />
        <path d="M110 30 H230 V56 C206 66 134 66 110 56 Z" fill={accent} />
        <path d="M64 158 L98 170 L96 184 L56 172 Z M276 158 L242 170 L244 184 L284 172 Z" fill={accent} />
        <path class="fold" d="M106 140 C112 190 110 240 104 284 M234 140 C228 190 230 240 236 284" />
        <path class="fold" d="M120 232 H220 M150 232 V286 M190 232 V286" />
      </g>
      <path class={isDark ? 'outline light' : 'outline'} d={JERSEY} />
      {look.number > 0 && (
        <g>
          <rect x={126} y={168} width={88} height={52} rx={4} fill="#f4f1ea" />
          <text x={170} y={208} class="bib" text-anchor="middle">
            {look.number}
          </text>
        </g>
      )}
    </g>
  )
}

function Pattern({ kind, accent }: { kind: number; accent: string }): VNode | null {
  switch (kind) {
    case 0:
      return <rect x={40} y={yOf(0.35)} width={260} height={0.1 * PER_M} fill={accent} />
    case 1:
      return (
        <g fill={accent}>
          {[0.16, 0.28, 0.4].map((m) => (
            <rect key={m} x={40} y={yOf(m + 0.028)} width={260} height={0.056 * PER_M} />
          ))}
        </g>
      )
    case 2:
      return (
        <path
          fill={accent}
          d="M40 40 H108 C116 120 120 200 122 300 H40 Z M300 40 H232 C224 120 220 200 218 300 H300 Z"
        />
      )
    case 3:
      return <path fill={accent} d="M40 30 H300 V138 L170 112 L40 138 Z" />
    case 4:
      return <rect x={126} y={30} width={32} height={280} fill={accent} />
    case 6:
      return (
        <g fill={accent}>
          {Array.from({ length: 48 }, (_, i) => {
            const row = Math.floor(i / 7)
            return <circle key={i} cx={46 + (i % 7) * 40 + (row % 2) * 20} cy={50 + row * 40} r={11} />
          })}
        </g>
      )
    case 7:
      return <path fill={accent} d="M244 30 L300 60 L118 320 L60 292 Z" />
    default:
      return null
  }
}

/** On the bike, from the side. */
function Side({ look }: { look: RiderLook }): VNode {
  const [jersey, accent, shorts, skin, helmet, frame] = [
    css(look.jersey),
    css(look.accent),
    css(look.shorts),
    css(look.skin),
    css(look.helmet),
    css(look.frame),
  ]
  const isAero = look.bike === 1
  const tube = isAero ? 13 : look.bike === 2 ? 7 : 9
  return (
    <g>
      {[80, 320].map((x) => (
        <g key={x}>
          <circle cx={x} cy={278} r={68} fill="none" stroke="#15130f" stroke-width={9} />
          <circle cx={x} cy={278} r={isAero ? 52 : 62} fill="none" stroke="#3a3632" stroke-width={isAero ? 24 : 4} />
          {!isAero && (
            <path
              class="spokes"
              d={Array.from({ length: 12 }, (_, i) => spoke(x, 278, 60, (i * Math.PI) / 6)).join('')}
            />
          )}
          <circle cx={x} cy={278} r={6} fill="#8b857c" />
        </g>
      ))}
      <g fill="none" stroke-linecap="round" stroke-linejoin="round">
        <path d="M186 282 L250 176 M160 190 L242 184" stroke={frame} stroke-width={tube} />
        <path d="M186 282 L152 172" stroke={frame} stroke-width={tube} />
        <path d="M186 282 L80 278 L158 194" stroke={frame} stroke-width={tube * 0.6} />
        <path d="M254 168 L268 210 L320 278" stroke={frame} stroke-width={tube * 0.75} />
        <path d="M214 236 L226 216" stroke={accent} stroke-width={tube * 0.6} />
        <path d="M152 172 L148 152 M128 148 H172" stroke="#221f1c" stroke-width={7} />
        <path
          d="M250 160 L262 146 C284 142 296 152 290 168 C286 178 276 180 268 178"
          stroke="#221f1c"
          stroke-width={7}
        />
        <circle cx={186} cy={282} r={17} stroke="#3d3935" stroke-width={4} />
        <path d="M186 282 L204 312" stroke="#3d3935" stroke-width={6} />
        <path d="M150 150 C170 158 214 170 222 196" stroke={shorts} stroke-width={36} />
        <path d="M222 196 C228 232 214 262 206 292" stroke={skin} stroke-width={19} />
        <path d="M206 296 L228 308" stroke="#e8e4dc" stroke-width={13} />
        <path d="M236 92 C252 120 262 136 280 150" stroke={skin} stroke-width={14} />
        <path d="M232 86 L250 116" stroke={jersey} stroke-width={20} />
        <path d="M246 110 L252 119" stroke={accent} stroke-width={20} stroke-linecap="butt" />
      </g>
      <path
        d="M128 150 C132 110 172 66 226 58 C246 58 252 82 240 102 C212 112 186 132 172 166 C158 170 138 166 128 150 Z"
        fill={jersey}
      />
      <path
        d="M198 70 C208 84 212 96 212 112 L190 128 C188 108 184 94 174 82 Z"
        fill={accent}
        opacity={look.pattern === 5 ? 0 : 1}
      />
      <circle cx={262} cy={46} r={21} fill={skin} />
      <path
        d={isAero ? 'M228 50 C232 18 274 10 288 42 L262 36 Z' : 'M234 46 C234 14 280 8 288 42 C270 32 252 36 234 46 Z'}
        fill={helmet}
      />
      <path d="M268 44 L288 46" stroke="#14110e" stroke-width={7} stroke-linecap="round" />
    </g>
  )
}

function spoke(x: number, y: number, r: number, rad: number): string {
  return `M${x} ${y}L${(x + r * Math.cos(rad)).toFixed(1)} ${(y + r * Math.sin(rad)).toFixed(1)}`
}
