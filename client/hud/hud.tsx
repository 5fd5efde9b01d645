import { useComputed, type Signal } from '@preact/signals'
import type { HudState } from './hud-types.ts'
import { PROFILE_TALL, PROFILE_WIDE, type Lap, type Outline } from './lap.ts'
import type { AirFigures, Marker, NearbyRow } from './model.ts'

/** One signal per thing that changes: a new value writes its own text node, nothing else is drawn again. */
export interface HudSignals {
  readonly powerW: Signal<string>
  readonly power3sW: Signal<string>
  readonly wattsPerKg: Signal<string>
  readonly cadenceRpm: Signal<string>
  readonly heartRateBpm: Signal<string>
  readonly speedKmh: Signal<string>
  readonly gradePercent: Signal<string>
  readonly distanceKm: Signal<string>
  readonly elapsed: Signal<string>
  readonly climbedM: Signal<string>
  readonly lap: Signal<string>
  readonly road: Signal<Lap>
  readonly air: Signal<AirFigures>
  readonly nearby: Signal<readonly NearbyRow[]>
  readonly markers: Signal<readonly Marker[]>
  readonly connection: Signal<HudState>
  readonly trainer: Signal<HudState>
  readonly camera: Signal<string>
  readonly chat: Signal<readonly { readonly name: string; readonly text: string }[]>
  readonly pairingCode: Signal<string>
  readonly banner: Signal<string>
}

const NAME_CHARS = 15
const CHAT_LINES = 3
const CHAT_CHARS = 90
const STATE_CHARS = 64
const BANNER_CHARS = 64

export function HudView({ signals: s, outline, mapName }: { signals: HudSignals; outline: Outline; mapName: string }) {
  return (
    <>
      <section class="panel hud-power" aria-label="Your power">
        <div class="now">
          <span class="watts">{s.powerW}</span>
          <span class="unit">W</span>
        </div>
        <div class="hud-pairs">
          <Pair value={s.wattsPerKg} unit="W/kg" />
          <Pair value={s.power3sW} unit="W 3 s" />
          <Pair value={s.cadenceRpm} unit="rpm" />
          <Pair value={s.heartRateBpm} unit="bpm" />
        </div>
      </section>
      <section class="panel hud-top" aria-label="Your ride">
        <Item value={s.speedKmh} unit="km/h" />
        <Item value={s.gradePercent} unit="% grade" />
        <Item value={s.distanceKm} unit="km" />
        <Item value={s.climbedM} unit="m up" />
        <Item value={s.elapsed} unit="time" />
      </section>
      <Air air={s.air} />
      <Nearby rows={s.nearby} />
      <div class="hud-left">
        <PairingCode code={s.pairingCode} />
        <Chat lines={s.chat} />
      </div>
      <Banner text={s.banner} />
      <section class="panel hud-states" aria-label="Connections">
        <State state={s.connection} />
        <State state={s.trainer} />
        <div class="hud-keys">
          <kbd>1–4</kbd> camera: {s.camera} · <kbd>H</kbd> hide
        </div>
      </section>
      <Profile road={s.road} lap={s.lap} markers={s.markers} mapName={mapName} />
      <section class="panel hud-map" aria-label={`Map of ${mapName}`}>
        <svg viewBox={outline.viewBox} role="img" aria-label="Riders and roads, seen from above">
          <path d={outline.roads} fill="none" stroke="#0b111b" stroke-width={outline.strokeUnits * 1.6} />
          <path d={outline.roads} fill="none" stroke="#93a0b4" stroke-width={outline.strokeUnits * 0.6} />
          <MapRoute road={s.road} outline={outline} />
          <MapMarkers markers={s.markers} outline={outline} />
        </svg>
      </section>
    </>
  )
}

function Pair({ value, unit }: { value: Signal<string>; unit: string }) {
  return (
    <div class="hud-pair">
      <span class="value">{value}</span>
      <span class="unit">{unit}</span>
    </div>
  )
}

function Item({ value, unit }: { value: Signal<string>; unit: string }) {
  return (
    <div class="item">
      <span class="value">{value}</span>
      <span class="unit">{unit}</span>
    </div>
  )
}

function Nearby({ rows }: { rows: Signal<readonly NearbyRow[]> }) {
  const own = rows.value.findIndex((row) => row.isSelf)
  return (
    <section class="panel hud-near" aria-label="Riders nearby">
      <table>
        <caption>Riders nearby</caption>
        <thead>
          <tr>
            <th scope="col">Rider</th>
            <th scope="col">W/kg</th>
            <th scope="col">Gap</th>
          </tr>
        </thead>
        <tbody>
          {rows.value.map((row, i) => (
            <tr key={row.id} class={`${row.isSelf ? 'self' : ''} ${Math.abs(i - own) > 2 ? 'far' : ''}`}>
              <td>
                {short(row.name, row.isBot ? NAME_CHARS - 4 : NAME_CHARS)}
                {row.isBot && <small class="bot"> bot</small>}
              </td>
              <td>{row.wattsPerKg}</td>
              <td>{row.gap}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function State({ state }: { state: Signal<HudState> }) {
  const kind = useComputed(() => `hud-state ${state.value.level}`)
  return (
    <div class={kind} role="status">
      <i aria-hidden="true" />
      <span>{short(state.value.text, STATE_CHARS)}</span>
    </div>
  )
}

function PairingCode({ code }: { code: Signal<string> }) {
  if (code.value === '') return null
  return (
    <section class="panel hud-code" aria-label="Pairing code">
      <div class="label">Pairing code</div>
      <span class="value">{code.value}</span>
    </section>
  )
}

function Chat({ lines }: { lines: Signal<readonly { readonly name: string; readonly text: string }[]> }) {
  if (lines.value.length === 0) return null
  return (
    <section class="panel hud-chat" aria-label="Chat">
      {lines.value.slice(-CHAT_LINES).map((line, i) => (
        <div key={i}>
          <div class="label">{short(line.name, NAME_CHARS)}</div>
          <div class="said">{short(line.text, CHAT_CHARS)}</div>
        </div>
      ))}
    </section>
  )
}

function Banner({ text }: { text: Signal<string> }) {
  if (text.value === '') return null
  return (
    <div class="panel hud-banner" role="status">
      {short(text.value, BANNER_CHARS)}
    </div>
  )
}

interface ProfileProps {
  readonly road: Signal<Lap>
  readonly lap: Signal<string>
  readonly markers: Signal<readonly Marker[]>
  readonly mapName: string
}

function Profile({ road, lap, markers, mapName }: ProfileProps) {
  const { name, classes, lowM, highM } = road.value
  return (
    <section class="panel hud-profile" aria-label={`Profile: ${name || mapName}`}>
      <div class="head label">
        <span class="name">{name || mapName}</span>
        <span>{lap}</span>
        <span>
          {Math.round(lowM)}–{Math.round(highM)} m
        </span>
      </div>
      <div class="graph">
        <svg viewBox={`0 0 ${PROFILE_WIDE} ${PROFILE_TALL}`} preserveAspectRatio="none" aria-hidden="true">
          {classes.map(({ color, path }) => (
            <path key={color} d={path} fill={color} />
          ))}
        </svg>
        <ProfileMarkers markers={markers} road={road} />
      </div>
    </section>
  )
}

function ProfileMarkers({ markers, road }: { markers: Signal<readonly Marker[]>; road: Signal<Lap> }) {
  return (
    <>
      {markers.value.map(({ share, isSelf }, i) =>
        share < 0 ? null : (
          <i
            key={i}
            class={isSelf ? 'me' : 'other'}
            style={{ left: `${(share * 100).toFixed(2)}%`, top: `${(road.value.topAt(share) * 100).toFixed(1)}%` }}
          />
        ),
      )}
    </>
  )
}

function MapRoute({ road, outline: { strokeUnits } }: { road: Signal<Lap>; outline: Outline }) {
  const { route } = road.value
  return (
    <>
      <path d={route} fill="none" stroke="#0b111b" stroke-width={strokeUnits * 1.9} />
      <path d={route} fill="none" stroke="#fff" stroke-width={strokeUnits} stroke-linejoin="round" />
    </>
  )
}

function MapMarkers({ markers, outline }: { markers: Signal<readonly Marker[]>; outline: Outline }) {
  return (
    <>
      {markers.value.map(({ placeM, isSelf }, i) => {
        const { x, y } = outline.spotOf(placeM)
        return (
          <circle
            key={i}
            cx={x}
            cy={y}
            r={outline.strokeUnits * (isSelf ? 1.7 : 0.95)}
            fill={isSelf ? '#ff6a1a' : '#9fd0ff'}
            stroke={isSelf ? '#fff' : '#0b111b'}
            stroke-width={outline.strokeUnits * 0.45}
          />
        )
      })}
    </>
  )
}

/** What air and road do to the rider's watts just now; gone where they do nothing. */
function Air({ air }: { air: Signal<AirFigures> }) {
  const { windKmh, windDeg, savedW, brakeW, contactW } = air.value
  if (windKmh + savedW + brakeW + contactW === '') return null
  return (
    <section class="panel hud-air" aria-label="Wind, shelter and losses">
      {windKmh !== '' && (
        <span>
          <svg width="16" height="16" viewBox="0 0 16 16" role="img" aria-label={windWords(windDeg)}>
            <path
              d="M8 14V3M3.5 7.5L8 2.5l4.5 5"
              fill="none"
              stroke="currentColor"
              stroke-width="2.2"
              stroke-linecap="round"
              stroke-linejoin="round"
              transform={`rotate(${windDeg} 8 8)`}
            />
          </svg>
          <b>{windKmh}</b> km/h
        </span>
      )}
      {savedW !== '' && (
        <span class="saved">
          <b>{savedW} W</b> saved
        </span>
      )}
      {brakeW !== '' && (
        <span class="lost">
          <b>−{brakeW} W</b> brake
        </span>
      )}
      {contactW !== '' && (
        <span class="lost">
          <b>−{contactW} W</b> contact
        </span>
      )}
    </section>
  )
}

const WIND_WORDS = [
  'Wind from behind',
  'Wind from behind on the left',
  'Wind from the left',
  'Wind from ahead on the left',
  'Wind from ahead',
  'Wind from ahead on the right',
  'Wind from the right',
  'Wind from behind on the right',
]

/** It goes this way, so it comes from the other one. */
function windWords(deg: number): string {
  return WIND_WORDS[Math.round((((deg % 360) + 360) % 360) / 45) % 8]!
}

/** Text that fits its place: cut with an ellipsis, by characters as people count them. */
function short(text: string, charsMax: number): string {
  const chars = [...text]
  return chars.length <= charsMax ? text : `${chars.slice(0, charsMax - 1).join('')}…`
}
