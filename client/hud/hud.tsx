import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { hud as words } from '../words/hud.ts'
import { Profile, RoadMap } from './hud-ground.tsx'
import { Effort, Lines, Power, RideStrip, short } from './hud-panels.tsx'
import { Laps, Riders, Segment, Talk } from './hud-people.tsx'
import type { Outline } from './lap.ts'
import type { HudSignals } from './signals.ts'

const BANNER_CHARS = 64

/**
 * One grid for everything over the road: three columns on a wide screen, rows on a tall one. What the page adds (the
 * trainer, junctions, buttons) goes into the slots, so that nothing can lie over anything else.
 */
export function HudView({
  signals: s,
  outline,
  mapName,
  isFilm = false,
}: {
  signals: HudSignals
  outline: Outline
  mapName: string
  isFilm?: boolean | undefined
}): VNode {
  return (
    <>
      <div class="hud-col hud-col-left">
        <Power s={s} />
        {!isFilm && <Effort s={s} />}
        <div class="hud-slot" data-slot="trainer" />
        <Talk s={s} />
        <Lines s={s} />
      </div>
      <div class="hud-col hud-col-mid">
        <RideStrip s={s} isFilm={isFilm} />
        <div class="hud-slot" data-slot="junction" />
        <div class="hud-words">
          <Banner text={s.banner} />
          <Cheer text={s.cheer} />
        </div>
        <div class="hud-slot" data-slot="steering" />
        <Profile s={s} mapName={mapName} />
      </div>
      <div class="hud-col hud-col-right">
        <Riders s={s} />
        {!isFilm && <Segment segment={s.segment} />}
        {!isFilm && <Laps laps={s.laps} />}
        <div class="hud-slot" data-slot="dock" />
        <RoadMap s={s} outline={outline} mapName={mapName} />
      </div>
      <Show isBare={s.isBare} />
      <p class="unseen" aria-live="polite">
        {s.spoken}
      </p>
    </>
  )
}

function Banner({ text }: { text: Signal<string> }): VNode | null {
  if (text.value === '') return null
  return <div class="panel hud-banner">{short(text.value, BANNER_CHARS)}</div>
}

/** Somebody cheers: it rises once, and is gone. */
function Cheer({ text }: { text: Signal<string> }): VNode | null {
  if (text.value === '') return null
  return (
    <div class="panel hud-cheer" key={text.value}>
      <svg width="26" height="26" viewBox="0 0 24 24" aria-hidden="true">
        <path d={THUMB} fill="#ffb067" />
      </svg>
      {short(text.value, BANNER_CHARS)}
    </div>
  )
}

export const THUMB = 'M2 11h4v10H2zM8 21V10l5-8c2 0 3 1.6 2.6 3.4L15 9h5a2 2 0 0 1 2 2.4l-1.6 8A2 2 0 0 1 18.400 21z'

function Show({ isBare }: { isBare: Signal<boolean> }): VNode | null {
  if (!isBare.value) return null
  return (
    <button class="hud-show" type="button" aria-label={words.showAgain} onClick={() => (isBare.value = false)}>
      <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
        <path
          d="M2 12s4-7 10-7s10 7 10 7s-4 7-10 7s-10-7-10-7zM12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6"
          fill="none"
          stroke="currentColor"
          stroke-width="1.8"
        />
      </svg>
    </button>
  )
}
