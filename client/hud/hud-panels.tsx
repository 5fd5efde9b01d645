import { useComputed, type Signal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { hud as words } from '../words/hud.ts'
import { aheadOf, heightUnit, roadUnit, speedUnit } from './figures.ts'
import type { HudState } from './hud-types.ts'
import { hudSettings, type PanelId } from './settings.ts'
import type { HudSignals } from './signals.ts'

const STATE_CHARS = 64
const ZONES = [1, 2, 3, 4, 5, 6, 7]

/** A panel, in the size its rider wants it; none where it is off. */
export function Panel({
  id,
  label,
  children,
}: {
  id: PanelId
  label?: string
  children: ComponentChildren
}): VNode | null {
  const size = hudSettings.value.panels[id]
  if (size === 'off') return null
  return (
    <section class={`panel hud-${CLASS[id]}`} data-size={size} aria-label={label ?? words.panels[id]}>
      {children}
    </section>
  )
}

const AHEAD = aheadOf()
const CLASS: Readonly<Record<PanelId, string>> = {
  ...{ power: 'power', effort: 'effort', ride: 'top', riders: 'near', segment: 'segment', laps: 'laps' },
  ...{ profile: 'profile', map: 'map', talk: 'chat', lines: 'states' },
}

export function Power({ s }: { s: HudSignals }): VNode {
  return (
    <Panel id="power">
      <div class="now">
        <span class="watts">{s.powerW}</span>
        <span class="unit">W</span>
        <Zone s={s} />
      </div>
      <ZoneBar zone={s.zone} />
      <div class="hud-pairs">
        <Pair value={s.wattsPerKg} unit="W/kg" />
        <Pair value={s.power3sW} unit={`W ${words.watts3s}`} />
        <Pair value={s.cadenceRpm} unit={words.units.rpm} />
        <div class="hud-pair">
          <span class="value">{s.heartRateBpm}</span>
          <span class="unit">{words.units.bpm}</span>
          <HeartZone zone={s.heartZone} />
        </div>
      </div>
    </Panel>
  )
}

/** Number, name, and how many bars are full: the colour comes last. */
function Zone({ s }: { s: HudSignals }): VNode {
  const zone = s.zone.value
  const name = words.zones[zone - 1]!
  const title = s.isZoneEstimated.value
    ? `${words.zone(zone)}, ${name}, ${words.estimated}`
    : `${words.zone(zone)}, ${name}`
  return (
    <span class="zone" data-zone={zone} role="img" aria-label={title} title={title}>
      {words.zoneShort(zone)}
    </span>
  )
}

function ZoneBar({ zone }: { zone: Signal<number> }): VNode {
  return (
    <div class="zones" aria-hidden="true">
      {ZONES.map((k) => (
        <i key={k} data-zone={k} class={k <= zone.value ? 'full' : ''} />
      ))}
    </div>
  )
}

function HeartZone({ zone }: { zone: Signal<number> }): VNode | null {
  return zone.value === 0 ? null : <span class="unit heart">{words.zoneShort(zone.value)}</span>
}

function Pair({ value, unit }: { value: Signal<string>; unit: string }): VNode {
  return (
    <div class="hud-pair">
      <span class="value">{value}</span>
      <span class="unit">{unit}</span>
    </div>
  )
}

/** Of who is looked at, nobody knows what lies ahead, nor what was ridden before. */
export function RideStrip({ s, isFilm }: { s: HudSignals; isFilm: boolean }): VNode {
  if (isFilm)
    return (
      <Panel id="ride">
        <Item value={s.speedKmh} unit={speedUnit()} />
        <Item value={s.gradePercent} unit={`% ${words.grade}`} />
        <Item value={s.elapsed} unit={words.time} />
      </Panel>
    )
  return (
    <Panel id="ride">
      <Item value={s.speedKmh} unit={speedUnit()} />
      <Item value={s.gradePercent} unit={`% ${words.grade}`} />
      <Item value={s.grade500} unit={`% ${words.next(AHEAD[0]![1])}`} kind="ahead" />
      <Item value={s.grade1k} unit={`% ${words.next(AHEAD[1]![1])}`} kind="ahead more" />
      <Item value={s.distanceKm} unit={roadUnit()} />
      <Item value={s.climbedM} unit={words.climbed(heightUnit())} kind="more" />
      <Item value={s.elapsed} unit={words.time} />
      <Item value={s.energyKj} unit={words.energy} kind="more" />
    </Panel>
  )
}

function Item({ value, unit, kind = '' }: { value: Signal<string>; unit: string; kind?: string }): VNode {
  return (
    <div class={`item ${kind}`}>
      <span class="value">{value}</span>
      <span class="unit">{unit}</span>
    </div>
  )
}

/** What the air gives and takes, and what the legs have left: always the same lines, so that nothing moves. */
export function Effort({ s }: { s: HudSignals }): VNode {
  return (
    <Panel id="effort">
      <Shelter s={s} />
      <div class="row strength">
        <span class="unit">{words.strength}</span>
        <span class="bar">
          <Bar percent={s.strengthPercent} />
        </span>
        <b>{s.strengthKj}</b>
        <span class="unit">kJ</span>
      </div>
      <Losses s={s} />
    </Panel>
  )
}

function Bar({ percent }: { percent: Signal<number> }): VNode {
  const style = useComputed(() => `transform:scaleX(${percent.value / 100})`)
  return <i class={percent.value < 20 ? 'low' : ''} style={style} />
}

function Shelter({ s }: { s: HudSignals }): VNode {
  const { savedW, savedPercent } = s.air.value
  return (
    <>
      <div class="row shelter">
        <span class="unit">{words.saved}</span>
        <span class="bar">
          <i style={`transform:scaleX(${savedPercent / 100})`} />
        </span>
        <b class="saved">{savedW === '' ? '0' : savedW}</b>
        <span class="unit">W</span>
      </div>
      <div class="row fine more">
        <span class="unit">{savedW === '' ? words.noShelter : words.ofMost(String(savedPercent))}</span>
        <Wheel m={s.wheelM} />
      </div>
    </>
  )
}

function Wheel({ m }: { m: Signal<string> }): VNode | null {
  return m.value === '' ? null : <span class="unit push">{words.wheel(m.value)}</span>
}

/** Wind as an arrow that turns with the road, and watts that went into brakes or into others. */
function Losses({ s }: { s: HudSignals }): VNode {
  const { windKmh, windDeg, brakeW, contactW } = s.air.value
  return (
    <div class="row fine air">
      {windKmh !== '' && (
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
      )}
      <span class="unit">
        {words.wind} <b>{windKmh === '' ? '0' : windKmh}</b> {speedUnit()}
      </span>
      {brakeW !== '' && (
        <span class="unit lost push">
          −{brakeW} W {words.brake}
        </span>
      )}
      {contactW !== '' && (
        <span class="unit lost push">
          −{contactW} W {words.contact}
        </span>
      )}
    </div>
  )
}

/** It goes this way, so it comes from the other one. */
function windWords(deg: number): string {
  return words.windFrom[Math.round((((deg % 360) + 360) % 360) / 45) % 8]!
}

export function Lines({ s }: { s: HudSignals }): VNode | null {
  return (
    <Panel id="lines">
      <State state={s.connection} />
      <State state={s.trainer} />
    </Panel>
  )
}

function State({ state }: { state: Signal<HudState> }): VNode {
  const kind = useComputed(() => `hud-state ${state.value.level}`)
  return (
    <div class={kind}>
      <i aria-hidden="true" />
      <span>{short(state.value.text, STATE_CHARS)}</span>
    </div>
  )
}

/** Text that fits its place: cut with an ellipsis, by characters as people count them. */
export function short(text: string, charsMax: number): string {
  const chars = [...text]
  return chars.length <= charsMax ? text : `${chars.slice(0, charsMax - 1).join('')}…`
}
