import { useComputed, type Signal } from '@preact/signals'
import type { HudState } from './hud-types.ts'
import { PROFILE_TALL, PROFILE_WIDE, type Lap } from './lap.ts'
import type { Marker, NearbyRow } from './model.ts'

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

export function HudView({ signals: s, lap, mapName }: { signals: HudSignals; lap: Lap; mapName: string }) {
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
      <section class="panel hud-profile" aria-label={`Profile of ${mapName}`}>
        <div class="head label">
          <span>{mapName}</span>
          <span>{s.lap}</span>
          <span>
            {Math.round(lap.lowM)}–{Math.round(lap.highM)} m
          </span>
        </div>
        <div class="graph">
          <svg viewBox={`0 0 ${PROFILE_WIDE} ${PROFILE_TALL}`} preserveAspectRatio="none" aria-hidden="true">
            {lap.classes.map(({ color, path }) => (
              <path key={color} d={path} fill={color} />
            ))}
          </svg>
          <ProfileMarkers markers={s.markers} lap={lap} />
        </div>
      </section>
      <section class="panel hud-map" aria-label={`Map of ${mapName}`}>
        <svg viewBox={lap.viewBox} role="img" aria-label="Riders on the lap, seen from above">
          <path d={lap.roads} fill="none" stroke="#0b111b" stroke-width={lap.strokeUnits * 1.6} />
          <path d={lap.roads} fill="none" stroke="#93a0b4" stroke-width={lap.strokeUnits * 0.6} />
          <path d={lap.route} fill="none" stroke="#0b111b" stroke-width={lap.strokeUnits * 1.9} />
          <path d={lap.route} fill="none" stroke="#fff" stroke-width={lap.strokeUnits} stroke-linejoin="round" />
          <MapMarkers markers={s.markers} lap={lap} />
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
              <td>{short(row.name, NAME_CHARS)}</td>
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

function ProfileMarkers({ markers, lap }: { markers: Signal<readonly Marker[]>; lap: Lap }) {
  return (
    <>
      {markers.value.map(({ share, isSelf }, i) =>
        share < 0 ? null : (
          <i
            key={i}
            class={isSelf ? 'me' : 'other'}
            style={{ left: `${(share * 100).toFixed(2)}%`, top: `${(lap.topAt(share) * 100).toFixed(1)}%` }}
          />
        ),
      )}
    </>
  )
}

function MapMarkers({ markers, lap }: { markers: Signal<readonly Marker[]>; lap: Lap }) {
  return (
    <>
      {markers.value.map(({ placeM, isSelf }, i) => {
        const { x, y } = lap.spotOf(placeM)
        return (
          <circle
            key={i}
            cx={x}
            cy={y}
            r={lap.strokeUnits * (isSelf ? 1.7 : 0.95)}
            fill={isSelf ? '#ff6a1a' : '#9fd0ff'}
            stroke={isSelf ? '#fff' : '#0b111b'}
            stroke-width={lap.strokeUnits * 0.45}
          />
        )
      })}
    </>
  )
}

/** Text that fits its place: cut with an ellipsis, by characters as people count them. */
function short(text: string, charsMax: number): string {
  const chars = [...text]
  return chars.length <= charsMax ? text : `${chars.slice(0, charsMax - 1).join('')}…`
}
