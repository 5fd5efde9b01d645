import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { heightText, roadText } from '../words/units.ts'
import { wayWords as words } from '../words/way.ts'
import { api, type Meet, type World } from './api.ts'
import { Door, type Place } from './door.tsx'
import { Dusk } from './dusk.tsx'
import './join.css'
import { readCompany, readRoad, writeCompany, writeRoad, type Company } from './memory.ts'
import { isSignedInHere } from './own-memory.ts'
import { Footer, Masthead, Notice, useEvery } from './parts.tsx'
import type { Departure } from './ticket.ts'

const WORLDS_EVERY_MS = 5000

export interface JoinProps {
  readonly clock: ClientClock
  readonly error: string | undefined
  readonly onDepart: (departure: Departure) => void
}

/** The first page: a name and a click, and one is on the road. */
export function JoinPage({ clock, error, onDepart }: JoinProps): VNode {
  const [worlds, setWorlds] = useState<readonly World[]>([])
  const [meets, setMeets] = useState<readonly Meet[]>()
  const [lists, setLists] = useState<Lists>()
  const [waiting, setWaiting] = useState('')
  const [road, setRoad] = useState(readRoad)
  const [company, setCompany] = useState(readCompany)
  const [Friends, setFriends] = useState<() => VNode | null>()
  useEvery(WORLDS_EVERY_MS, () => {
    void api.worlds().then(async (answer) => {
      if (answer.ok) setWorlds(answer.value)
      const health = answer.ok ? undefined : await api.health()
      setWaiting(answer.ok ? '' : health?.ok && !health.value.isReady ? words.notReady : answer.message)
    })
    void Promise.all([api.meets(), api.events()]).then(async ([planned, races]) => {
      if (planned.ok) setMeets(planned.value)
      const isOn = (planned.ok && planned.value.length > 0) || (races.ok && races.value.length > 0)
      if (isOn && lists === undefined) setLists(await loadLists())
    })
  })
  useEffect(() => {
    if (isSignedInHere()) void import('./mine/friends-now.tsx').then((page) => setFriends(() => page.FriendsNow))
  }, [])
  const chosen = worlds.find(({ mapId }) => mapId === road?.mapId)
  const beside = besideIn(worlds, company)
  const choose = (mapId: string, routeId: string): void => {
    const next = mapId === '' ? undefined : { mapId, routeId }
    writeRoad(next)
    writeCompany(undefined)
    setCompany(undefined)
    setRoad(next)
  }
  const place = (): Place => {
    if (beside !== undefined) return { roomId: beside.roomId, besideId: beside.riderId }
    const room = chosen?.rooms.find(({ kind }) => kind === 'free')
    if (chosen === undefined || room === undefined) return {}
    const isThere = chosen.routes.some(({ id }) => id === road?.routeId)
    return { roomId: room.id, ...(isThere ? { routeId: road!.routeId } : {}) }
  }
  return (
    <div class="join">
      <Dusk mapId={(chosen ?? worlds[0])?.mapId} />
      <Masthead here="road" />
      <main class="join-body">
        <div class="join-words">
          <h1>{words.headline}</h1>
          <p>{words.lead}</p>
        </div>
        <Door
          clock={clock}
          error={error}
          place={place}
          onDepart={(departure) => {
            writeCompany(undefined)
            onDepart(departure)
          }}
        >
          {beside === undefined ? (
            <RoadSelect worlds={worlds} road={`${chosen?.mapId ?? ''} ${road?.routeId ?? ''}`} onRoad={choose} />
          ) : (
            <p class="beside">
              <span>{words.besides(beside.name)}</span>
              <button class="button plain" type="button" onClick={() => choose('', '')}>
                {words.alone}
              </button>
            </p>
          )}
        </Door>
        <div class="lobby">
          {Friends && <Friends />}
          {waiting !== '' && <Notice level="info">{waiting}</Notice>}
          <section class="stack" aria-labelledby="worlds-title">
            <h2 id="worlds-title">{words.whereToRide}</h2>
            <div class="worlds-now">
              {worlds.map((one) => (
                <RoadNow key={one.mapId} world={one} />
              ))}
            </div>
          </section>
          <section class="card stack" aria-labelledby="meets-title">
            <h2 id="meets-title">{words.tonight}</h2>
            {lists && meets !== undefined && meets.length > 0 && (
              <lists.MeetList clock={clock} meets={meets.slice(0, 3)} />
            )}
            {meets?.length === 0 && <p class="muted">{words.meetEmpty}</p>}
            <div class="row">
              <a class="button" href="/meet">
                {words.makeMeet}
              </a>
            </div>
          </section>
          {lists && <lists.Races clock={clock} onDepart={onDepart} />}
        </div>
      </main>
      <Footer />
    </div>
  )
}

/** Races and meet-ups, which nobody waits for where there are none. */
type Lists = Pick<typeof import('./races.tsx'), 'Races'> & Pick<typeof import('./meet-list.tsx'), 'MeetList'>

async function loadLists(): Promise<Lists> {
  const [{ Races }, { MeetList }] = await Promise.all([import('./races.tsx'), import('./meet-list.tsx')])
  return { Races, MeetList }
}

/** Whom one came for, as long as they are there. */
function besideIn(worlds: readonly World[], company: Company | undefined): Company | undefined {
  const rooms = worlds.flatMap((world) => world.rooms)
  const isThere = rooms.some(({ id, who }) => id === company?.roomId && who.some((one) => one.id === company.riderId))
  return isThere ? company : undefined
}

/** Where to begin: on the road that is always there, free, or on a route of any. */
function RoadSelect(props: {
  worlds: readonly World[]
  road: string
  onRoad: (mapId: string, routeId: string) => void
}): VNode | null {
  const open = props.worlds.filter((world) => world.rooms.some(({ kind }) => kind === 'free'))
  if (open.length === 0) return null
  return (
    <div class="field">
      <label for="road">{words.road}</label>
      <select
        class="input"
        id="road"
        name="road"
        value={props.road.trim() === '' ? '' : props.road}
        onChange={(event) => {
          const [mapId = '', routeId = ''] = event.currentTarget.value.split(' ')
          props.onRoad(mapId, routeId)
        }}
      >
        <option value="">{words.anywhere}</option>
        {open.map((world) => (
          <optgroup key={world.mapId} label={world.name}>
            <option value={`${world.mapId} `}>{words.freeOn(world.name)}</option>
            {world.routes.map((route) => (
              <option key={route.id} value={`${world.mapId} ${route.id}`}>
                {(route.isLap ? words.routeLap : words.routeWay)(route.name, roadText(route.lapM))}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <a class="small to-roads" href="/roads">
        {words.lookAtRoads}
      </a>
    </div>
  )
}

export function whoIsOut(riders: number, bots: number): string {
  if (riders > 0) return words.ridersOut(riders)
  return bots > 0 ? words.botsOut(bots) : words.nobodyOut
}

function RoadNow({ world }: { world: World }): VNode {
  const riders = world.rooms.reduce((sum, room) => sum + room.riders, 0)
  const bots = world.rooms.reduce((sum, room) => sum + room.bots, 0)
  return (
    <a class="card road-now" href={`/roads#${world.mapId}`}>
      <img class="road-picture" src={api.picturePath(world.mapId)} alt="" loading="lazy" />
      <span class="road-what">
        <strong>{world.name}</strong>
        <span class={riders > 0 ? 'chip live' : 'chip'}>{whoIsOut(riders, bots)}</span>
        <span class="small muted number">
          {roadText(world.roadM)} · {heightText(world.lowestM)} – {heightText(world.highestM)}
        </span>
      </span>
    </a>
  )
}
