import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { language, locale } from '../words/language.ts'
import { meetWords as words } from '../words/meet.ts'
import { heightText, numberText, roadText } from '../words/units.ts'
import { api, type Meet, type Plan, type Track, type World } from './api.ts'
import { MeetList } from './meet-list.tsx'
import { readProfile, writeMeetKey, writeProfile } from './memory.ts'
import { Choice, Notice, Page, useEvery } from './parts.tsx'
import { RoadMap, RouteProfile } from './road-plan.tsx'
import './meet.css'
import './roads.css'

const EVERY_MS = 10_000
const TRACK_BYTES_MAX = 16 * 1024 * 1024
const QUARTER_MS = 15 * 60_000
const EVENING_H = 19

const PACES = { open: undefined, easy: [1.5, 2], steady: [2, 2.7], brisk: [2.7, 3.5], hard: [3.5, 4.5] } as const
type Pace = keyof typeof PACES
type When = 'now' | 'soon' | 'evening' | 'other'

/** Any rider's own ride: a road or a file, a time, and a link. */
export function NewMeetPage({ clock }: { clock: ClientClock }): VNode {
  const asked = new URLSearchParams(location.search)
  const [worlds, setWorlds] = useState<readonly World[]>([])
  const [meets, setMeets] = useState<readonly Meet[]>()
  const [road, setRoad] = useState(`${asked.get('road') ?? ''} ${asked.get('route') ?? ''}`)
  const [track, setTrack] = useState<Track>()
  const [making, setMaking] = useState('')
  const [problem, setProblem] = useState('')
  const [noTrack, setNoTrack] = useState('')
  const [when, setWhen] = useState<When>('soon')
  const [pace, setPace] = useState<Pace>('open')
  const [isTogether, setTogether] = useState(true)
  const [isListed, setListed] = useState(false)
  const [isBusy, setBusy] = useState(false)
  useEvery(EVERY_MS, () => {
    void api.worlds().then((answer) => answer.ok && setWorlds(answer.value))
    void api.meets().then((answer) => answer.ok && setMeets(answer.value))
  })
  const [mapId, routeId] = track ? [track.mapId, track.routeId] : roadIn(worlds, road)
  const route = worlds.find((world) => world.mapId === mapId)?.routes.find(({ id }) => id === routeId)
  const isLap = track?.isLap ?? route?.isLap ?? false
  const evening = eveningOf(clock.wallMs())

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined || making !== '') return
    if (file.size > TRACK_BYTES_MAX) return setNoTrack(words.tooLarge)
    setNoTrack('')
    setMaking(file.name)
    const answer = await api.track(file)
    setMaking('')
    if (answer.ok) setTrack(answer.value)
    else setNoTrack(answer.message)
  }

  async function make(form: HTMLFormElement): Promise<void> {
    const data = new FormData(form)
    const name = String(data.get('name')).trim()
    writeProfile({ ...readProfile(), name })
    const startsAt = startOf(when, String(data.get('startsAt') ?? ''), clock.wallMs(), evening)
    const band = PACES[pace]
    setBusy(true)
    const answer = await api.createMeet({
      title: String(data.get('title')).trim(),
      ...{ name, mapId, routeId, isTogether, isListed },
      ...(isLap ? { laps: Number(data.get('laps')) || 1 } : {}),
      ...(startsAt === undefined ? {} : { startsAt: startsAt.toISOString() }),
      ...(band === undefined ? {} : { paceWkg: { low: band[0], high: band[1] } }),
    })
    setBusy(false)
    if (!answer.ok) return setProblem(answer.message)
    writeMeetKey(answer.value.id, answer.value.key)
    location.assign(`/meet/${answer.value.id}`)
  }

  return (
    <Page here="meet">
      <div class="stack tight">
        <h1>{words.title}</h1>
        <p class="muted">{words.lead}</p>
      </div>
      <div class="meet-new">
        <form
          class="card stack"
          onSubmit={(event) => {
            event.preventDefault()
            void make(event.currentTarget)
          }}
        >
          <section class="stack" aria-labelledby="where-title">
            <h2 id="where-title">{words.where}</h2>
            <TrackDrop
              track={track}
              making={making}
              onFile={(file) => void take(file)}
              onForget={() => setTrack(undefined)}
            />
            {noTrack !== '' && <Notice level="bad">{noTrack}</Notice>}
            {!track && (
              <label class="field">
                <span>{words.route}</span>
                <select
                  class="input"
                  name="road"
                  value={`${mapId} ${routeId}`}
                  onChange={(event) => setRoad(event.currentTarget.value)}
                >
                  {worlds.map((world) => (
                    <optgroup key={world.mapId} label={world.name}>
                      {world.routes.map(({ id, name, lengthM, climbM }) => (
                        <option key={id} value={`${world.mapId} ${id}`}>
                          {name}, {roadText(lengthM)}, {heightText(climbM)}
                        </option>
                      ))}
                    </optgroup>
                  ))}
                </select>
              </label>
            )}
            {mapId !== '' && (
              <PlanOf key={mapId} mapId={mapId} routeId={routeId} name={track?.name ?? route?.name ?? ''} />
            )}
            {isLap && (
              <label class="field narrow">
                <span>{words.laps}</span>
                <input class="input number" name="laps" type="number" min={1} max={50} defaultValue={1} required />
              </label>
            )}
          </section>
          <section class="stack" aria-labelledby="when-title">
            <h2 id="when-title">{words.when}</h2>
            <Choice
              label={words.when}
              isNamed
              value={when}
              onValue={setWhen}
              options={[
                ['now', words.now],
                ['soon', words.inMinutes(15)],
                ['evening', evening.words],
                ['other', words.atTime],
              ]}
            />
            {when === 'other' && (
              <label class="field narrow">
                <span>{words.atTime}</span>
                <input class="input" name="startsAt" type="datetime-local" required min={localText(clock.wallMs())} />
              </label>
            )}
            <p class="small muted">{words.zone(zoneName())}</p>
          </section>
          <section class="stack" aria-labelledby="pace-title">
            <h2 id="pace-title">{words.pace}</h2>
            <Choice
              label={words.pace}
              isNamed
              value={pace}
              onValue={setPace}
              options={(Object.keys(PACES) as Pace[]).map((one) => {
                const band = PACES[one]
                return [one, band ? words.paceBand(numberText(band[0], 1), numberText(band[1], 1)) : words.paceOpen]
              })}
            />
            <label class="check">
              <input
                type="checkbox"
                checked={isTogether}
                onChange={(event) => setTogether(event.currentTarget.checked)}
              />
              <span>
                <strong>{words.together}</strong>
                <span class="small muted">{words.togetherWhy}</span>
              </span>
            </label>
          </section>
          <Choice
            label={words.who}
            value={isListed ? 'listed' : 'link'}
            onValue={(value) => setListed(value === 'listed')}
            options={[
              ['link', words.linkOnly],
              ['listed', words.listed],
            ]}
          />
          <div class="two">
            <label class="field">
              <span>{words.titleLabel}</span>
              <input class="input" name="title" maxLength={60} placeholder={words.titlePlaceholder} />
            </label>
            <label class="field">
              <span>{words.name}</span>
              <input
                class="input"
                name="name"
                maxLength={24}
                autocomplete="nickname"
                defaultValue={readProfile().name}
                required
              />
            </label>
          </div>
          {problem !== '' && <Notice level="bad">{problem}</Notice>}
          <button class="button first" type="submit" disabled={isBusy || making !== '' || mapId === ''}>
            {words.make}
          </button>
        </form>
        <section class="card stack" aria-labelledby="list-title">
          <h2 id="list-title">{words.list}</h2>
          {meets !== undefined && meets.length > 0 && <MeetList clock={clock} meets={meets} />}
          {meets?.length === 0 && <p class="muted">{words.empty}</p>}
        </section>
      </div>
    </Page>
  )
}

/** A file for a road: dropped anywhere on this field, or chosen. */
function TrackDrop(props: {
  track: Track | undefined
  making: string
  onFile: (file: File | undefined) => void
  onForget: () => void
}): VNode {
  const { track, making, onFile, onForget } = props
  const [isOver, setOver] = useState(false)
  const latest = useRef(onFile)
  latest.current = onFile
  // A file that misses the field would open in the page's place.
  useEffect(() => {
    const keep = (event: DragEvent): void => event.preventDefault()
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      latest.current(event.dataTransfer?.files[0])
    }
    addEventListener('dragover', keep)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', keep)
      removeEventListener('drop', drop)
    }
  }, [])
  if (track) {
    return (
      <div class="track-made" role="status">
        <p>
          <strong>{words.made(track.name, roadText(track.lengthM), heightText(track.climbM))}</strong>
        </p>
        {track.repairs.length > 0 && language() === 'en' && (
          <p class="small muted">{words.mended(track.repairs.join('; '))}</p>
        )}
        <button class="button" type="button" onClick={onForget}>
          {words.otherTrack}
        </button>
      </div>
    )
  }
  return (
    <div
      class={isOver ? 'track-drop is-over' : 'track-drop'}
      onDragEnter={() => setOver(true)}
      onDragLeave={(event) => event.target === event.currentTarget && setOver(false)}
    >
      <p>
        <strong>{making === '' ? words.drop : words.making(making)}</strong>
      </p>
      <label class="button">
        {words.choose}
        <input
          class="unseen"
          type="file"
          accept=".gpx,.tcx,.fit"
          disabled={making !== ''}
          onChange={({ currentTarget }) => {
            onFile(currentTarget.files?.[0])
            currentTarget.value = ''
          }}
        />
      </label>
      <p class="small muted">{words.trackWhy}</p>
    </div>
  )
}

export function PlanOf({ mapId, routeId, name }: { mapId: string; routeId: string; name: string }): VNode {
  const [plan, setPlan] = useState<Plan>()
  useEffect(() => {
    void api.plan(mapId).then((answer) => answer.ok && setPlan(answer.value))
  }, [mapId])
  return (
    <div class="meet-plan">
      {plan ? <RoadMap plan={plan} routeId={routeId} name={name} /> : <div class="road-map" />}
      {plan && <RouteProfile plan={plan} routeId={routeId} name={name} />}
    </div>
  )
}

/** The road of the choice, else the first there is. */
function roadIn(worlds: readonly World[], road: string): readonly [mapId: string, routeId: string] {
  const [mapId = '', routeId = ''] = road.split(' ')
  const world = worlds.find((one) => one.mapId === mapId) ?? worlds[0]
  const route = world?.routes.find(({ id }) => id === routeId) ?? world?.routes[0]
  return [world?.mapId ?? '', route?.id ?? '']
}

interface Evening {
  readonly at: Date
  readonly words: string
}

/** Seven in the evening, today while there is time, else tomorrow; in the rider's own zone. */
function eveningOf(wallMs: number): Evening {
  const at = new Date(wallMs)
  at.setHours(EVENING_H, 0, 0, 0)
  const isTonight = at.getTime() - wallMs > QUARTER_MS
  if (!isTonight) at.setDate(at.getDate() + 1)
  const time = at.toLocaleTimeString(locale(), { hour: 'numeric', minute: '2-digit' })
  return { at, words: isTonight ? words.tonight(time) : words.tomorrow(time) }
}

/** undefined: now. */
function startOf(when: When, given: string, wallMs: number, evening: Evening): Date | undefined {
  if (when === 'evening') return evening.at
  if (when === 'soon') return new Date(wallMs + QUARTER_MS)
  return when === 'other' && given !== '' ? new Date(given) : undefined
}

/** As the browser's field of a time wants it: local, to the minute. */
function localText(wallMs: number): string {
  const at = new Date(wallMs)
  return new Date(wallMs - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ')
}
