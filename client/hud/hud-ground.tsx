import { useComputed, type Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { hud as words } from '../words/hud.ts'
import { heightOf, heightUnit } from './figures.ts'
import { Panel } from './hud-panels.tsx'
import { PROFILE_TALL, PROFILE_WIDE, type Lap, type Outline } from './lap.ts'
import type { Marker } from './model.ts'
import { NEAR_RADIUS_M } from './near-map.ts'
import { hudSettings, MAPS, setHud } from './settings.ts'
import type { HudSignals } from './signals.ts'

/** Half of the near map's box, in its own units. */
const HALF = 100
const SCALE = HALF / NEAR_RADIUS_M
const FILLS = { self: '#ff6a1a', friend: '#ffd23f', bot: '#b9c4d2', other: '#9fd0ff' } as const

export function Profile({ s, mapName }: { s: HudSignals; mapName: string }): VNode {
  const { name, classes, lowM, highM, segments } = s.road.value
  return (
    <Panel id="profile" label={`${words.panels.profile}: ${name || mapName}`}>
      <div class="head label">
        <span class="name">{name || mapName}</span>
        <span class="lap">{s.lap}</span>
        <span class="heights">
          {words.heights(Math.round(heightOf(lowM)), Math.round(heightOf(highM)), heightUnit())}
        </span>
      </div>
      <div class="graph">
        <svg viewBox={`0 0 ${PROFILE_WIDE} ${PROFILE_TALL}`} preserveAspectRatio="none" aria-hidden="true">
          {classes.map(({ color, path }) => (
            <path key={color} d={path} fill={color} />
          ))}
        </svg>
        {segments.map(({ from, to, name: segment }) => (
          <i
            key={segment}
            class="segment"
            title={segment}
            style={`left:${(from * 100).toFixed(1)}%;width:${((to - from) * 100).toFixed(1)}%`}
          />
        ))}
        <ProfileMarkers markers={s.markers} road={s.road} />
      </div>
      <Climb s={s} />
    </Panel>
  )
}

function Climb({ s }: { s: HudSignals }): VNode {
  return (
    <div class="climb">
      <b>{s.climb}</b>
      <span class="unit push">{s.climbTime}</span>
    </div>
  )
}

function ProfileMarkers({ markers, road }: { markers: Signal<readonly Marker[]>; road: Signal<Lap> }): VNode {
  return (
    <>
      {markers.value.map(({ share, kind }, i) =>
        share < 0 ? null : (
          <i
            key={i}
            class={kind === 'self' ? 'me' : `other ${kind}`}
            style={`transform:translate(${(share * 100).toFixed(2)}%,${kind === 'self' ? 0 : (road.value.topAt(share) * 100).toFixed(1)}%)`}
          />
        ),
      )}
    </>
  )
}

/** A press turns it: with me, north up, the whole road. */
export function RoadMap({ s, outline, mapName }: { s: HudSignals; outline: Outline; mapName: string }): VNode {
  const kind = hudSettings.value.map
  return (
    <Panel id="map" label={words.mapFrom(mapName)}>
      <button
        type="button"
        aria-label={words.mapKind[kind]}
        title={words.mapKind[kind]}
        onClick={() => setHud({ map: MAPS[(MAPS.indexOf(kind) + 1) % MAPS.length]! })}
      >
        {kind === 'whole' ? (
          <Whole s={s} outline={outline} />
        ) : (
          <Near s={s} outline={outline} isTurning={kind === 'near'} />
        )}
      </button>
    </Panel>
  )
}

function Near({ s, outline, isTurning }: { s: HudSignals; outline: Outline; isTurning: boolean }): VNode {
  const turn = useComputed(() => {
    const { x, y, deg } = s.spot.value
    return `${isTurning ? `rotate(${-deg})` : ''} scale(${SCALE}) translate(${(-x).toFixed(1)} ${(-y).toFixed(1)})`
  })
  const needle = useComputed(() => `rotate(${isTurning ? 0 : s.spot.value.deg})`)
  const north = useComputed(() => `rotate(${isTurning ? -s.spot.value.deg : 0})`)
  return (
    <svg class="near" viewBox={`${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`} aria-hidden="true">
      <g transform={turn}>
        <Pieces s={s} />
        <Dots s={s} outline={outline} />
      </g>
      <g transform={north}>
        <path d="M0 -97l5 11h-10z" fill="#ff7b6e" />
      </g>
      <path d="M0 -11L8 9L0 4L-8 9z" fill={FILLS.self} stroke="#fff" stroke-width="2.2" transform={needle} />
    </svg>
  )
}

function Pieces({ s }: { s: HudSignals }): VNode {
  const pieces = s.near.value
  return (
    <>
      {pieces.map(({ path }, i) => (
        <path key={`e${i}`} class="edge" d={path} />
      ))}
      {pieces.map(({ path, isRoute }, i) => (
        <path key={`r${i}`} class={isRoute ? 'route' : 'road'} d={path} />
      ))}
    </>
  )
}

function Dots({ s, outline }: { s: HudSignals; outline: Outline }): VNode {
  const { junction } = s.spot.value
  const at = junction >= 0 ? outline.spotOf(junction) : undefined
  return (
    <>
      {at && <circle class="junction-ahead" cx={at.x} cy={at.y} r={9 / SCALE} />}
      {s.markers.value.map(({ placeM, kind }, i) => {
        if (kind === 'self') return null
        const { x, y } = outline.spotOf(placeM)
        return <circle key={i} class="dot" cx={x} cy={y} r={(kind === 'friend' ? 7 : 5) / SCALE} fill={FILLS[kind]} />
      })}
    </>
  )
}

function Whole({ s, outline }: { s: HudSignals; outline: Outline }): VNode {
  return (
    <svg viewBox={outline.viewBox} aria-hidden="true">
      <path d={outline.roads} fill="none" stroke="#0b111b" stroke-width={outline.strokeUnits * 1.6} />
      <path d={outline.roads} fill="none" stroke="#93a0b4" stroke-width={outline.strokeUnits * 0.6} />
      <MapRoute road={s.road} outline={outline} />
      <MapMarkers markers={s.markers} outline={outline} />
    </svg>
  )
}

function MapRoute({ road, outline: { strokeUnits } }: { road: Signal<Lap>; outline: Outline }): VNode {
  const { route } = road.value
  return (
    <>
      <path d={route} fill="none" stroke="#0b111b" stroke-width={strokeUnits * 1.9} />
      <path d={route} fill="none" stroke="#fff" stroke-width={strokeUnits} stroke-linejoin="round" />
    </>
  )
}

function MapMarkers({ markers, outline }: { markers: Signal<readonly Marker[]>; outline: Outline }): VNode {
  return (
    <>
      {markers.value.map(({ placeM, kind }, i) => {
        const { x, y } = outline.spotOf(placeM)
        const isSelf = kind === 'self'
        return (
          <circle
            key={i}
            cx={x}
            cy={y}
            r={outline.strokeUnits * (isSelf ? 1.7 : 0.95)}
            fill={FILLS[kind]}
            stroke={isSelf ? '#fff' : '#0b111b'}
            stroke-width={outline.strokeUnits * 0.45}
          />
        )
      })}
    </>
  )
}
