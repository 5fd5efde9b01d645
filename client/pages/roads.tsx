import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { heightText, numberText, roadText } from '../words/units.ts'
import { roadsWords } from '../words/roads.ts'
import { api, type Plan, type Route, type World } from './api.ts'
import { readRoad, writeCompany, writeRoad } from './memory.ts'
import { Choice, Notice, Page, useEvery } from './parts.tsx'
import { difficultyOf, RoadMap, RouteProfile } from './road-plan.tsx'
import { useFriends } from './mine/friends-now.tsx'
import type { Friend } from './mine/mine-api.ts'
import './roads.css'

const EVERY_MS = 3000
type Length = 'any' | 'short' | 'middle' | 'long'
type Climb = 'any' | 'flat' | 'hilly' | 'mountain'

const LENGTHS: Readonly<Record<Length, (m: number) => boolean>> = {
  any: () => true,
  short: (m) => m < 10_000,
  middle: (m) => m >= 10_000 && m < 25_000,
  long: (m) => m >= 25_000,
}
/** Metres up for each kilometre. */
const CLIMBS: Readonly<Record<Climb, (perKm: number) => boolean>> = {
  any: () => true,
  flat: (perKm) => perKm < 8,
  hilly: (perKm) => perKm >= 8 && perKm < 22,
  mountain: (perKm) => perKm >= 22,
}

/** Every road and its routes, who is out there, and whom one may come up to. */
export function RoadsPage(): VNode {
  const [worlds, setWorlds] = useState<readonly World[]>()
  const [problem, setProblem] = useState('')
  const [length, setLength] = useState<Length>('any')
  const [climb, setClimb] = useState<Climb>('any')
  const friends = useFriends()
  useEvery(EVERY_MS, () => {
    void api.worlds().then((answer) => {
      if (answer.ok) setWorlds(answer.value)
      setProblem(answer.ok ? '' : answer.message)
    })
  })
  const fits = ({ lengthM, climbM }: Route): boolean =>
    LENGTHS[length](lengthM) && CLIMBS[climb]((climbM * 1000) / Math.max(lengthM, 1))
  const shown = worlds
    ?.map((world) => ({ world, routes: world.routes.filter(fits) }))
    .filter(({ routes }) => routes.length > 0)
  return (
    <Page here="roads">
      <div class="stack tight">
        <h1>{roadsWords.pickTitle}</h1>
        <p class="muted">{roadsWords.pickLead}</p>
      </div>
      {problem !== '' && <Notice level="bad">{problem}</Notice>}
      <div class="filters">
        <Choice
          label={roadsWords.filterLength}
          value={length}
          onValue={setLength}
          options={[
            ['any', roadsWords.any],
            ['short', `< ${roadText(10_000, undefined, 0)}`],
            ['middle', `${roadText(10_000, undefined, 0)} – ${roadText(25_000, undefined, 0)}`],
            ['long', `> ${roadText(25_000, undefined, 0)}`],
          ]}
        />
        <Choice
          label={roadsWords.filterClimb}
          value={climb}
          onValue={setClimb}
          options={[
            ['any', roadsWords.any],
            ['flat', roadsWords.flat],
            ['hilly', roadsWords.hilly],
            ['mountain', roadsWords.mountain],
          ]}
        />
      </div>
      {shown?.length === 0 && <Notice level="info">{roadsWords.noneFit}</Notice>}
      {shown?.map(({ world, routes }) => (
        <WorldCard key={world.mapId} world={world} routes={routes} friends={friends} />
      ))}
    </Page>
  )
}

interface WorldProps {
  readonly world: World
  readonly routes: readonly Route[]
  readonly friends: readonly Friend[]
}

function WorldCard({ world, routes, friends }: WorldProps): VNode {
  const last = readRoad()
  const [chosenId, setChosen] = useState(last?.mapId === world.mapId ? last.routeId : '')
  const [plan, setPlan] = useState<Plan>()
  useEffect(() => {
    void api.plan(world.mapId).then((answer) => answer.ok && setPlan(answer.value))
    if (location.hash === `#${world.mapId}`) document.getElementById(world.mapId)?.scrollIntoView()
  }, [world.mapId])
  const chosen = routes.find(({ id }) => id === chosenId) ?? routes[0]!
  const go = (routeId: string): void => {
    writeRoad({ mapId: world.mapId, routeId })
    writeCompany(undefined)
    location.assign('/')
  }
  return (
    <section class="card world" id={world.mapId} aria-labelledby={`${world.mapId}-title`}>
      <header class="world-head">
        <img src={api.picturePath(world.mapId)} alt="" loading="lazy" />
        <div>
          <h2 id={`${world.mapId}-title`}>{world.name}</h2>
          <p class="small number">
            {roadText(world.roadM)} · {heightText(world.lowestM)} – {heightText(world.highestM)}
          </p>
        </div>
      </header>
      <div class="world-body">
        <div class="world-plan">
          {plan ? <RoadMap plan={plan} routeId={chosen.id} name={world.name} /> : <div class="road-map" />}
          {plan && <RouteProfile plan={plan} routeId={chosen.id} name={chosen.name} />}
          <RouteFacts route={chosen} plan={plan} />
          <div class="row">
            <button class="button first" type="button" onClick={() => go(chosen.id)}>
              {roadsWords.rideHere}
            </button>
            <button class="button" type="button" onClick={() => go('')}>
              {roadsWords.rideFree}
            </button>
            <a
              class="button plain"
              href={`/meet?road=${encodeURIComponent(world.mapId)}&route=${encodeURIComponent(chosen.id)}`}
            >
              {roadsWords.meetHere}
            </a>
          </div>
        </div>
        <div class="stack">
          <ul class="routes" aria-label={roadsWords.routesOf(world.name)}>
            {routes.map((route) => (
              <li key={route.id}>
                <button type="button" aria-pressed={route.id === chosen.id} onClick={() => setChosen(route.id)}>
                  <span>{route.name}</span>
                  <span class="number">{roadText(route.lengthM)}</span>
                  <span class="number muted">{heightText(route.climbM)}</span>
                  <Grade route={route} />
                </button>
              </li>
            ))}
          </ul>
          <OutNow world={world} friends={friends} />
          {plan && plan.segments.length > 0 && (
            <details>
              <summary>{roadsWords.segments}</summary>
              <ul class="segments small">
                {plan.segments.map((segment) => (
                  <li key={segment.id}>
                    <span>{segment.name}</span>
                    <span class="number muted">
                      {roadText(segment.lengthM, undefined, 2)} · {heightText(Math.max(0, segment.climbM))}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
    </section>
  )
}

function RouteFacts({ route, plan }: { route: Route; plan: Plan | undefined }): VNode {
  const steepest = plan?.routes.find(({ id }) => id === route.id)?.steepest
  return (
    <p class="small">
      <strong>{route.name}</strong>
      <span class="muted number">
        {' '}
        · {route.isLap ? roadsWords.lap : roadsWords.oneWay} · {roadsWords.climb(heightText(route.climbM))}
        {steepest !== undefined && ` · ${roadsWords.steepest(numberText(steepest * 100, 1))}`}
      </span>
    </p>
  )
}

function Grade({ route }: { route: Route }): VNode {
  const difficulty = difficultyOf(route.lengthM, route.climbM)
  return <span class={`grade is-${difficulty}`}>{roadsWords[difficulty]}</span>
}

/** Who rides there, people first; each can be come up to. */
function OutNow({ world, friends }: { world: World; friends: readonly Friend[] }): VNode {
  const isFriend = (roomId: string, riderId: number): boolean =>
    friends.some(({ riding }) => riding?.roomId === roomId && riding.riderId === riderId)
  const who = world.rooms
    .flatMap((room) => (room.kind === 'free' ? room.who.map((one) => ({ ...one, roomId: room.id })) : []))
    .map((one) => ({ ...one, isFriend: isFriend(one.roomId, one.id) }))
    .toSorted((a, b) => Number(b.isFriend) - Number(a.isFriend))
  return (
    <div class="out-now">
      <h3>{roadsWords.outNow}</h3>
      {who.length === 0 && <p class="muted small">{roadsWords.outNobody}</p>}
      <ul>
        {who.map(({ id, roomId, name, isBot, isFriend: isOneOfMine, wattsPerKg }) => (
          <li key={`${roomId} ${id}`}>
            <div class="out-who">
              <span>{name}</span>
              {isOneOfMine && <span class="chip live">★ {roadsWords.friend}</span>}
              {isBot && <span class="chip">{roadsWords.pacer}</span>}
              <span class="small muted number">
                {wattsPerKg > 0 ? roadsWords.wkg(numberText(wattsPerKg, 1)) : roadsWords.standing}
              </span>
            </div>
            <button
              class="button push"
              type="button"
              aria-label={roadsWords.comeUpTo(name)}
              onClick={() => {
                writeCompany({ roomId, riderId: id, name })
                location.assign('/')
              }}
            >
              {roadsWords.rideAlong}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
