import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import type { Film, FilmState } from '../film.ts'
import type { FilmAddress } from '../film-source.ts'
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

export interface FilmPageProps {
  readonly clock: ClientClock
  readonly address: FilmAddress
  /** Where it begins, s. */
  readonly atS: number
  readonly riderId?: number
}

/** /replay/RIDE?t=…: any second of a recorded ride, every camera, in the ordinary picture. */
export function FilmPage({ clock, address, atS, riderId }: FilmPageProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const hud = useRef<HTMLDivElement>(null)
  const [film, setFilm] = useState<Film>()
  const [trouble, setTrouble] = useState('')
  const [isMoving, setMoving] = useState(false)
  useEffect(() => {
    let isGone = false
    let opened: Film | undefined
    async function open(): Promise<void> {
      const [{ openFilm }, { Film: Player }] = await Promise.all([import('../film-source.ts'), import('../film.ts')])
      const source = await openFilm(address)
      if (isGone) return
      if (!source.ok) return setTrouble(source.message)
      document.title = `${source.value.manifest.title} – Gruppetto`
      opened = new Player({
        ...{ source: source.value, canvas: canvas.current!, hudRoot: hud.current!, clock, quality: qualityAsked() },
        onFirstFrame: () => setMoving(true),
      })
      opened.seek(atS)
      if (riderId !== undefined) opened.follow(riderId)
      setFilm(opened)
    }
    open().catch(() => setTrouble(words.noLine))
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
            {trouble !== '' && (
              <a class="button" href="/">
                {words.toRoad}
              </a>
            )}
          </div>
        </div>
      )}
      {isMoving && film && <Controls film={film} />}
    </main>
  )
}

function Controls({ film }: { film: Film }): VNode {
  const [state, setState] = useState<FilmState>(film.state)
  const [speed, setSpeed] = useState(1)
  const [camera, setCamera] = useState<CameraMode>(film.camera)
  const [note, setNote] = useState('')
  const look = (): void => setState(film.state)
  const toggle = (): void => {
    if (film.state.isPlaying && !film.state.isAtEnd) film.pause()
    else film.play()
    look()
  }
  const wind = (byS: number): void => {
    film.seek(film.state.atS + byS)
    look()
  }
  const aim = (mode: CameraMode): void => {
    film.camera = mode
    setCamera(mode)
  }
  useEffect(() => {
    const timer = setInterval(look, LOOK_MS)
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLElement && event.target.closest('select, input, button')) return
      const number = Number(event.key)
      if (event.key === ' ') toggle()
      else if (event.key === 'ArrowLeft') wind(-WIND_S)
      else if (event.key === 'ArrowRight') wind(WIND_S)
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
    link.searchParams.set('t', String(Math.round(state.atS)))
    link.searchParams.set('rider', String(state.riderId))
    history.replaceState(null, '', link)
    await navigator.clipboard?.writeText(link.href).then(
      () => setNote(words.copied),
      () => setNote(link.href),
    )
  }
  const isPlaying = state.isPlaying && !state.isAtEnd
  return (
    <section class="film-bar" aria-label={words.title}>
      <input
        class="film-time"
        type="range"
        aria-label={words.time}
        aria-valuetext={clockText(state.atS * 1000)}
        min={0}
        max={Math.floor(film.lengthS)}
        step={1}
        value={Math.floor(state.atS)}
        onInput={(event) => {
          film.seek(event.currentTarget.valueAsNumber)
          look()
        }}
      />
      <div class="film-row">
        <button class="film-button" type="button" aria-label={words.back} onClick={() => wind(-WIND_S)}>
          −10
        </button>
        <button class="film-button first" type="button" onClick={toggle}>
          {isPlaying ? words.pause : words.play}
        </button>
        <button class="film-button" type="button" aria-label={words.on} onClick={() => wind(WIND_S)}>
          +10
        </button>
        <span class="number film-clock">
          {clockText(state.atS * 1000)} / {clockText(film.lengthS * 1000)}
        </span>
        <label class="film-pick">
          <span>{words.rider}</span>
          <select
            value={String(state.riderId)}
            onChange={(event) => {
              film.follow(Number(event.currentTarget.value))
              look()
            }}
          >
            {state.roster.map(({ id, name }) => (
              <option key={id} value={String(id)}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="film-pick">
          <span>{words.camera}</span>
          <select value={camera} onChange={(event) => aim(event.currentTarget.value as CameraMode)}>
            {CAMERAS.map((mode) => (
              <option key={mode} value={mode}>
                {words[mode as 'chase']}
              </option>
            ))}
          </select>
        </label>
        <label class="film-pick">
          <span>{words.speed}</span>
          <select
            value={String(speed)}
            onChange={(event) => {
              const rate = Number(event.currentTarget.value)
              film.rate = rate
              setSpeed(rate)
            }}
          >
            {SPEEDS.map((rate) => (
              <option key={rate} value={String(rate)}>
                {rate}×
              </option>
            ))}
          </select>
        </label>
        <button class="film-button" type="button" onClick={() => void copy()}>
          {words.copy}
        </button>
        <span role="status" class="small">
          {state.trouble || note || (state.isWaiting ? words.waiting : state.isAtEnd ? words.end : '')}
        </span>
      </div>
    </section>
  )
}

const QUALITIES: readonly Quality[] = ['test', 'low', 'medium', 'high']

function qualityAsked(): Quality {
  const asked = new URLSearchParams(location.search).get('quality')
  return QUALITIES.find((quality) => quality === asked) ?? 'medium'
}
