import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import type { Film, FilmState } from '../film.ts'
import type { FilmSource } from '../film-source.ts'
import type { Answer } from './api.ts'
import { CAMERA_MODES, type CameraMode, type Quality } from '../view/view-types.ts'
import { film as words } from '../words/film.ts'
import { clockText } from './format.ts'
import { Notice } from './parts.tsx'
import './ride.css'
import './film.css'

const SPEEDS = [0.5, 1, 2, 4, 8] as const
const CAMERAS: readonly CameraMode[] = CAMERA_MODES.filter((mode) => mode in words)
const LOOK_MS = 250
const WIND_S = 10
/** Where film.css folds the bar. */
const SMALL = '(max-width: 820px), (max-height: 480px)'

export interface FilmPageProps {
  readonly clock: ClientClock
  readonly open: () => Promise<Answer<FilmSource>>
  readonly riderId?: number
  /** Rider and camera are the director's until somebody takes them. */
  readonly isDirected?: boolean
  /** A film by itself, from a folder: there is no other page to go to. */
  readonly isAlone?: boolean
}

/** /replay/RIDE?t=… and /watch/ROOM: any second of a recorded ride, or a road as it is now, in the ordinary picture. */
export function FilmPage({ clock, open, riderId, isDirected = false, isAlone = false }: FilmPageProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const hud = useRef<HTMLDivElement>(null)
  const [film, setFilm] = useState<Film>()
  const [trouble, setTrouble] = useState('')
  const [isMoving, setMoving] = useState(false)
  useEffect(() => {
    let isGone = false
    let opened: Film | undefined
    async function begin(): Promise<void> {
      const [source, { Film: Player }] = await Promise.all([open(), import('../film.ts')])
      if (isGone) {
        if (source.ok) source.value.close()
        return
      }
      if (!source.ok) return setTrouble(source.message)
      document.title = `${source.value.title} – Gruppetto`
      opened = new Player({
        ...{ source: source.value, canvas: canvas.current!, hudRoot: hud.current!, clock, quality: qualityAsked() },
        onFirstFrame: () => setMoving(true),
      })
      if (riderId !== undefined) opened.follow(riderId)
      opened.direct(isDirected)
      setFilm(opened)
    }
    begin().catch(() => setTrouble(words.noLine))
    return () => {
      isGone = true
      opened?.leave()
    }
  }, [])
  return (
    <main class="ride">
      <h1 class="unseen">{words.title}</h1>
      <canvas ref={canvas} role="img" aria-label={words.title} />
      <div class="ride-hud" ref={hud} />
      {!isMoving && (
        <div class="ride-wait">
          <div class="card stack">
            <Notice level={trouble === '' ? 'info' : 'bad'}>{trouble === '' ? words.loading : trouble}</Notice>
            {trouble !== '' && !isAlone && (
              <a class="button" href="/">
                {words.toRoad}
              </a>
            )}
          </div>
        </div>
      )}
      {isMoving && film && <Controls film={film} isAlone={isAlone} />}
    </main>
  )
}

function Controls({ film, isAlone }: { film: Film; isAlone: boolean }): VNode {
  const [state, setState] = useState<FilmState>(film.state)
  const [speed, setSpeed] = useState(1)
  const [note, setNote] = useState('')
  const [isMore, setMore] = useState(false)
  // On a small screen the picture is what one came for.
  const [isFolded, setFolded] = useState(() => matchMedia(SMALL).matches)
  const isLive = film.lengthS === 0
  const act = (change: () => void): void => {
    change()
    setState(film.state)
  }
  const toggle = (): void => act(() => (film.state.isPlaying && !film.state.isAtEnd ? film.pause() : film.play()))
  const wind = (byS: number): void => act(() => film.seek(film.state.atS + byS))
  const aim = (mode: CameraMode): void => act(() => (film.camera = mode))
  useEffect(() => {
    const timer = setInterval(() => setState(film.state), LOOK_MS)
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLElement && event.target.closest('select, input, button')) return
      const number = Number(event.key)
      if (event.key === ' ') toggle()
      else if (event.key === 'ArrowLeft' && !isLive) wind(-WIND_S)
      else if (event.key === 'ArrowRight' && !isLive) wind(WIND_S)
      else if (event.key.toLowerCase() === 'h') film.hide()
      else if (event.key.toLowerCase() === 'd') act(() => film.direct(film.state.shot === undefined))
      else if (number >= 1 && number <= CAMERAS.length) aim(CAMERAS[number - 1]!)
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => {
      clearInterval(timer)
      removeEventListener('keydown', onKey)
    }
  }, [film])
  const copy = async (): Promise<void> => {
    const link = new URL(location.href)
    if (!isLive) link.searchParams.set('t', String(Math.round(state.atS)))
    link.searchParams.set('rider', String(state.riderId))
    history.replaceState(null, '', link)
    await navigator.clipboard?.writeText(link.href).then(
      () => setNote(words.copied),
      () => setNote(link.href),
    )
  }
  const isPlaying = state.isPlaying && !state.isAtEnd
  const { shot } = state
  const word = state.trouble || note || (state.isAtEnd ? words.end : state.isWaiting ? words.waiting : '')
  return (
    <section
      class={`film-bar${isLive ? ' live' : ''}${isMore ? ' is-more' : ''}${isFolded ? ' is-folded' : ''}`}
      aria-label={film.title}
    >
      <p role="status" class={word === '' ? 'unseen' : 'film-word'}>
        {word}
      </p>
      {!isLive && (
        <input
          class="film-time"
          type="range"
          aria-label={words.time}
          aria-valuetext={clockText(state.atS * 1000)}
          min={0}
          max={Math.floor(film.lengthS)}
          step={1}
          value={Math.floor(state.atS)}
          onInput={(event) => act(() => film.seek(event.currentTarget.valueAsNumber))}
        />
      )}
      <span class="number film-clock">
        {isLive ? (
          <b class="film-live">{words.live}</b>
        ) : (
          `${clockText(state.atS * 1000)} / ${clockText(film.lengthS * 1000)}`
        )}
      </span>
      <div class="film-row">
        {!isLive && <Wind label={`−10 s: ${words.back}`} text="−10 s" onClick={() => wind(-WIND_S)} />}
        <button
          class="film-button first"
          type="button"
          aria-label={isPlaying ? words.pause : words.play}
          onClick={toggle}
        >
          <Mark path={isPlaying ? 'M5 3h4v14H5zM11 3h4v14h-4z' : 'M5 2.500l12 7.500l-12 7.500z'} />
        </button>
        {!isLive && <Wind label={`+10 s: ${words.on}`} text="+10 s" onClick={() => wind(WIND_S)} />}
        <Pick
          label={words.rider}
          value={String(state.riderId)}
          options={state.roster.map(({ id, name }) => [String(id), name])}
          onValue={(value) => act(() => film.follow(Number(value)))}
        />
        <Pick
          label={words.camera}
          value={state.camera}
          options={CAMERAS.map((mode) => [mode, words[mode as 'chase']])}
          onValue={(value) => aim(value as CameraMode)}
        />
        <button
          class="film-button film-open"
          type="button"
          aria-label={words.more}
          aria-expanded={isMore}
          onClick={() => setMore(!isMore)}
        >
          <Mark path="M2 10a2 2 0 1 0 4 0a2 2 0 1 0 -4 0M8 10a2 2 0 1 0 4 0a2 2 0 1 0 -4 0M14 10a2 2 0 1 0 4 0a2 2 0 1 0 -4 0" />
        </button>
        <div class="film-more">
          <button
            class="film-button"
            type="button"
            aria-pressed={shot !== undefined}
            onClick={() => act(() => film.direct(shot === undefined))}
          >
            {words.director}
          </button>
          <button class="film-button" type="button" aria-pressed={!isFolded} onClick={() => setFolded(!isFolded)}>
            {words.instruments}
          </button>
          {!isLive && (
            <Pick
              label={words.speed}
              value={String(speed)}
              options={SPEEDS.map((rate) => [String(rate), `${rate}×`])}
              onValue={(value) => {
                film.rate = Number(value)
                setSpeed(Number(value))
              }}
            />
          )}
          <button
            class="film-button"
            type="button"
            title={isLive ? words.copyLive : words.copy}
            aria-label={isLive ? words.copyLive : words.copy}
            onClick={() => void copy()}
          >
            {words.link}
          </button>
          {!isAlone && (
            <a class="film-button" href="/watch" title={words.watch}>
              {words.out}
            </a>
          )}
        </div>
      </div>
    </section>
  )
}

function Mark({ path }: { path: string }): VNode {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  )
}

function Wind({ label, text, onClick }: { label: string; text: string; onClick: () => void }): VNode {
  return (
    <button class="film-button film-wind" type="button" aria-label={label} onClick={onClick}>
      {text}
    </button>
  )
}

interface PickProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly onValue: (value: string) => void
}

function Pick({ label, value, options, onValue }: PickProps): VNode {
  return (
    <label class="film-pick">
      <span>{label}</span>
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

const QUALITIES: readonly Quality[] = ['test', 'low', 'medium', 'high']

function qualityAsked(): Quality | undefined {
  const asked = new URLSearchParams(location.search).get('quality')
  return QUALITIES.find((quality) => quality === asked)
}
