import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { common } from '../words/common.ts'
import { film as words } from '../words/film.ts'
import { api, type RaceEvent, type World } from './api.ts'
import { Footer, Masthead, useEvery } from './parts.tsx'
import './watch.css'

const LOOK_EVERY_MS = 5000
/** Of a race there is a film from the gun on. */
const FILMED = new Set(['racing', 'provisional', 'closed'])
const RACES_MAX = 12

/** /watch: what there is to look at, without a bicycle: a race that is on stands first, for it ends. */
export function WatchPage(): VNode {
  const [worlds, setWorlds] = useState<readonly World[]>([])
  const [races, setRaces] = useState<readonly RaceEvent[]>([])
  useEvery(LOOK_EVERY_MS, () => {
    void api.worlds().then((answer) => answer.ok && setWorlds(answer.value))
    void api.events().then((answer) => answer.ok && setRaces(answer.value))
  })
  // What is on now stands before films of what was.
  const shown = races
    .filter(({ phase, roomId }) => FILMED.has(phase) || roomId !== null)
    .toSorted((a, b) => Number(b.roomId !== null) - Number(a.roomId !== null))
    .slice(0, RACES_MAX)
  const isOn = shown.some(({ roomId }) => roomId !== null)
  const list = shown.length > 0 && (
    <section class="stack" aria-labelledby="watch-races">
      <h2 id="watch-races">{words.races}</h2>
      <ul class="watch-list">
        {shown.map(({ id, title, roomId, phase, entries }) => (
          <li key={id} class="card watch-item">
            <span class="watch-name">
              <b>{title}</b>
              <span class="muted small">{common.riders(entries.length)}</span>
            </span>
            {roomId !== null && (
              <a class="button first" href={`/watch/${roomId}`} aria-label={`${words.live}: ${title}`}>
                {words.live}
              </a>
            )}
            {FILMED.has(phase) && (
              <a class="button" href={`/replay/${id}`} aria-label={`${words.film}: ${title}`}>
                {words.film}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
  return (
    <div class="page">
      <Masthead here="watch" />
      <main class="stack">
        <h1>{words.watch}</h1>
        <p class="muted">{words.lead}</p>
        {isOn && list}
        <section class="stack" aria-labelledby="watch-now">
          <h2 id="watch-now">{words.now}</h2>
          <ul class="watch-list">
            {worlds.map(({ mapId, name, rooms }) => {
              const room = rooms.find(({ kind }) => kind === 'free')
              return (
                room && (
                  <li key={mapId} class="card watch-item">
                    <img src={`/maps/${mapId}/picture.jpg`} alt="" width="320" height="180" loading="lazy" />
                    <span class="watch-name">
                      <b>{name}</b>
                      <span class="muted small">
                        {room.riders > 0 || room.bots === 0 ? common.riders(room.riders) : words.bots(room.bots)}
                        {room.riders > 0 && room.bots > 0 && ` · ${words.bots(room.bots)}`}
                      </span>
                    </span>
                    <a class="button" href={`/watch/${room.id}`} aria-label={`${words.open}: ${name}`}>
                      {words.open}
                    </a>
                  </li>
                )
              )
            })}
          </ul>
        </section>
        {!isOn && list}
      </main>
      <Footer />
    </div>
  )
}
