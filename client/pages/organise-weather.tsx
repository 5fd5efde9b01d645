import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { office as words } from '../words/office.ts'
import { units } from '../words/units.ts'
import { api, type RaceEvent, type World } from './api.ts'
import { Notice } from './parts.tsx'

const SKIES = {
  clear: { cloudShare: 0.1, hazeShare: 0, rainShare: 0 },
  clouds: { cloudShare: 0.7, hazeShare: 0.1, rainShare: 0 },
  haze: { cloudShare: 0.4, hazeShare: 0.7, rainShare: 0 },
  rain: { cloudShare: 1, hazeShare: 0.3, rainShare: 0.7 },
} as const
const HOURS_H = { dawn: 6.3, noon: 13, evening: 19.3, night: 23 } as const
/** A change is told five seconds ahead; the sky takes this long. */
const OVER_S = 60
const WIND_MAX_MPS = 15
const WINDS_FROM_DEG = { north: 0, east: 90, south: 180, west: 270 } as const
const MPS_PER_KMH = 1 / 3.6
const MPS_PER_MPH = 0.44704

/** Which road, by its room. */
interface Road {
  readonly roomId: string
  readonly name: string
}

/** What the sky of a road is to be, for everybody on it. */
export function WeatherForm(props: {
  readonly token: string
  readonly worlds: readonly World[]
  readonly events: readonly RaceEvent[]
}): VNode | null {
  const [told, setTold] = useState<{ level: 'info' | 'bad'; words: string }>()
  const roads = roadsOf(props.worlds, props.events)
  const isMetric = units().road === 'km'
  const mpsPerUnit = isMetric ? MPS_PER_KMH : MPS_PER_MPH
  if (roads.length === 0) return null

  async function set(form: HTMLFormElement): Promise<void> {
    const data = new FormData(form)
    const answer = await api.weather(props.token, String(data.get('roomId')), {
      ...SKIES[String(data.get('sky')) as keyof typeof SKIES],
      ...(data.get('hour') === '' ? {} : { hourH: HOURS_H[String(data.get('hour')) as keyof typeof HOURS_H] }),
      windMps: Math.min(WIND_MAX_MPS, Number(data.get('wind')) * mpsPerUnit),
      windFromDeg: WINDS_FROM_DEG[String(data.get('from')) as keyof typeof WINDS_FROM_DEG],
      overS: OVER_S,
    })
    setTold(answer.ok ? { level: 'info', words: words.weatherSet } : { level: 'bad', words: answer.message })
  }

  return (
    <form
      class="card stack"
      aria-labelledby="weather"
      onSubmit={(event) => {
        event.preventDefault()
        void set(event.currentTarget)
      }}
    >
      <h2 id="weather">{words.weather}</h2>
      <p class="small muted">{words.weatherWhy}</p>
      <Pick label={words.weatherRoad} name="roomId" options={roads.map(({ roomId, name }) => [roomId, name])} />
      <div class="two">
        <Pick label={words.sky} name="sky" options={Object.entries(words.skies)} />
        <Pick label={words.hour} name="hour" options={[['', words.hourStays], ...Object.entries(words.hours)]} />
      </div>
      <div class="two">
        <label class="field">
          <span>{words.wind(isMetric ? 'km/h' : 'mph')}</span>
          <input
            class="input number"
            name="wind"
            type="number"
            min={0}
            max={Math.floor(WIND_MAX_MPS / mpsPerUnit)}
            defaultValue={0}
            required
          />
        </label>
        <Pick label={words.windFrom} name="from" options={Object.entries(words.winds)} />
      </div>
      <button class="button" type="submit">
        {words.weatherMake}
      </button>
      {told && <Notice level={told.level}>{told.words}</Notice>}
    </form>
  )
}

function Pick(props: { label: string; name: string; options: readonly (readonly [string, string])[] }): VNode {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select class="input" name={props.name}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Races first: theirs is the weather that an organiser minds. */
function roadsOf(worlds: readonly World[], events: readonly RaceEvent[]): readonly Road[] {
  return [
    ...events.flatMap(({ roomId, title }) => (roomId === null ? [] : [{ roomId, name: title }])),
    ...worlds.flatMap(({ name, rooms }) => {
      const free = rooms.find(({ kind }) => kind === 'free')
      return free === undefined ? [] : [{ roomId: free.id, name }]
    }),
  ]
}
