import type { VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { TURN } from '#physics/course'
import { readyWorld, type ReadyWorld } from '#maps/ready'
import { CompanionLink } from '../companion-link.ts'
import { createOutline } from '../hud/lap.ts'
import { createNearMap, NEAR_RADIUS_M } from '../hud/near-map.ts'
import type { PhoneNews } from '../ride-deck.ts'
import { hud } from '../words/hud.ts'
import { ride } from '../words/ride.ts'
import { sheets as words } from '../words/sheets.ts'
import { post } from './api.ts'
import { Brand } from './parts.tsx'
import { useWakeLock } from './wake-lock.ts'
import './companion.css'

interface Paired {
  readonly key: string
  readonly rider: { readonly id: number; readonly name: string }
  readonly room: { readonly id: string; readonly mapId: string }
}

const KEY = 'gruppetto.companion'

/** A phone on the bars: the map, who is near, what is said, and large buttons. */
export function CompanionPage(): VNode {
  const [paired, setPaired] = useState<Paired | undefined>(readPaired)
  const [problem, setProblem] = useState('')
  useWakeLock()
  const pair = async (code: string): Promise<void> => {
    const answer = await post<Paired>('/api/companion', { code })
    if (!answer.ok) return setProblem(answer.message)
    setProblem('')
    writePaired(answer.value)
    setPaired(answer.value)
  }
  useEffect(() => {
    const code = new URLSearchParams(location.search).get('code')
    if (!code) return
    // The code is good once; the address bar need not keep it.
    history.replaceState(null, '', '/companion')
    void pair(code)
  }, [])
  const forget = (why: string): void => {
    writePaired(undefined)
    setPaired(undefined)
    setProblem(why)
  }
  return (
    <main class="companion">
      {paired === undefined ? (
        <PairForm problem={problem} onCode={(code) => void pair(code)} />
      ) : (
        <>
          <h1 class="unseen">{words.companionTitle}</h1>
          <Handlebar key={paired.key} paired={paired} onOut={() => forget(words.companionOut)} />
        </>
      )}
    </main>
  )
}

function PairForm({ problem, onCode }: { problem: string; onCode: (code: string) => void }): VNode {
  const [code, setCode] = useState('')
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault()
        onCode(code)
      }}
    >
      <Brand />
      <h1>{words.companionTitle}</h1>
      <label class="field">
        <span>{words.companionCode}</span>
        <input
          class="input number"
          autocomplete="off"
          autocapitalize="characters"
          maxLength={12}
          required
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <p class="small muted">{words.companionWhere}</p>
      {problem !== '' && (
        <p class="notice bad" role="alert">
          {problem}
        </p>
      )}
      <button class="button first" type="submit">
        {words.companionGo}
      </button>
    </form>
  )
}

function Handlebar({ paired, onOut }: { paired: Paired; onOut: () => void }): VNode {
  const [news, setNews] = useState<PhoneNews>()
  const [world, setWorld] = useState<ReadyWorld>()
  const [isLost, setLost] = useState(false)
  const link = useRef<CompanionLink | undefined>(undefined)
  useEffect(() => {
    let isGone = false
    void CompanionLink.join(paired.room.id).then((joined) => {
      if (joined === undefined) return setLost(true)
      if (isGone) return joined.leave()
      link.current = joined
      joined.enter(paired.key, { onIn: () => {}, onNews: setNews, onOut, onLost: () => setLost(true) })
    })
    void fetchWorld(paired.room.mapId).then(setWorld)
    return () => {
      isGone = true
      link.current?.leave()
    }
  }, [])
  const ask = (action: string, more: { value?: number; text?: string } = {}): void =>
    link.current?.ask({ action, ...more })
  if (isLost) return <p class="notice bad">{words.companionLost}</p>
  if (news === undefined) return <p class="notice">{words.companionWaits}</p>
  const { figures, trainer, turns, canTurnBack, near, talk, isPaused } = news
  return (
    <>
      <section class="companion-figures number" aria-label={hud.panels.power}>
        <b>{figures.power3sW}</b> W <b>{figures.heartRateBpm}</b> {hud.units.bpm} <b>{figures.speedKmh}</b>{' '}
        {figures.speedUnit} <b>{figures.gradePercent}</b> %
      </section>
      {world && <PhoneMap world={world} news={news} />}
      {(turns.length > 1 || canTurnBack) && (
        <section class="companion-row" aria-label={ride.turns.straight}>
          {turns.map(({ turn, name, isTaken }) => (
            <Press
              key={turn}
              label={name || TURN_WORDS[turn]!}
              isOn={isTaken}
              onPress={() => ask(TURN_ACTIONS[turn]!)}
            />
          ))}
          {canTurnBack && <Press label={ride.turns.back} onPress={() => ask('back')} />}
        </section>
      )}
      <section class="companion-row" aria-label={words.actions.more}>
        {trainer.mode === 'erg' || trainer.mode === undefined ? (
          <>
            <Press label={words.lessWatts} onPress={() => ask('less')} />
            <Press label={words.moreWatts} onPress={() => ask('more')} />
          </>
        ) : (
          <>
            <Press label={words.easier} onPress={() => ask('less')} />
            <Press label={words.harder} onPress={() => ask('more')} />
          </>
        )}
      </section>
      <section class="companion-row">
        <Press label={ride.lap} onPress={() => ask('lap')} />
        <Press label={isPaused ? ride.goOn : ride.pause} isOn={isPaused} onPress={() => ask('pause')} />
        <Press label={words.actions.camera} onPress={() => ask('camera')} />
      </section>
      <section class="stack" aria-label={words.nearTitle}>
        <h2>{words.nearTitle}</h2>
        {near
          .filter(({ isSelf }) => !isSelf)
          .map(({ id, name, gap, isFriend }) => (
            <div key={id} class="companion-rider">
              <span>
                {isFriend ? '★ ' : ''}
                {name} <b class="number">{gap}</b>
              </span>
              <Press label={words.cheer(name)} onPress={() => ask('cheer', { value: id })} />
            </div>
          ))}
      </section>
      <section class="stack" aria-label={words.talkTitle}>
        <h2>{words.talkTitle}</h2>
        {talk.map(({ name, text }, i) => (
          <p key={i}>
            <b>{name}</b> {text}
          </p>
        ))}
        <div class="companion-quick">
          {hud.quick.map((text, index) => (
            <Press key={text} label={text} onPress={() => ask('quick', { value: index })} />
          ))}
        </div>
        <SayForm onSay={(text) => ask('say', { text })} />
      </section>
    </>
  )
}

const TURN_ACTIONS: Readonly<Record<number, string>> = {
  ...{ [TURN.left]: 'left', [TURN.straight]: 'straight', [TURN.right]: 'right', [TURN.back]: 'back' },
}
const TURN_WORDS: Readonly<Record<number, string>> = {
  ...{ [TURN.left]: ride.turns.left, [TURN.straight]: ride.turns.straight, [TURN.right]: ride.turns.right },
}

function Press({ label, isOn, onPress }: { label: string; isOn?: boolean; onPress: () => void }): VNode {
  return (
    <button class="button" type="button" {...(isOn === undefined ? {} : { 'aria-pressed': isOn })} onClick={onPress}>
      {label}
    </button>
  )
}

function SayForm({ onSay }: { onSay: (text: string) => void }): VNode {
  const [text, setText] = useState('')
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onSay(text.trim())
        setText('')
      }}
    >
      <input
        class="input"
        aria-label={words.yourLine}
        maxLength={200}
        autocomplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button class="button" type="submit">
        {words.send}
      </button>
    </form>
  )
}

const HALF = 100

function PhoneMap({ world, news }: { world: ReadyWorld; news: PhoneNews }): VNode {
  const { outline, near } = useMemo(
    () => ({
      outline: createOutline(world.course.columns, world.network),
      near: createNearMap(world.course.columns, world.network),
    }),
    [world],
  )
  const placeM = news.places[0] ?? 0
  const { x, y } = outline.spotOf(placeM)
  const scale = HALF / NEAR_RADIUS_M
  return (
    <svg
      class="companion-map"
      viewBox={`${-HALF} ${-HALF * 0.7} ${2 * HALF} ${1.4 * HALF}`}
      role="img"
      aria-label={hud.mapFrom(world.map.name)}
    >
      <g transform={`rotate(${-near.headingDeg(placeM)}) scale(${scale}) translate(${-x} ${-y})`}>
        {near.around(placeM).map(({ path, isRoute }, i) => (
          <path key={i} class={isRoute ? 'route' : 'road'} d={path} />
        ))}
        {news.places.slice(1).map((atM, i) => {
          const spot = outline.spotOf(atM)
          return <circle key={i} class="dot" cx={spot.x} cy={spot.y} r={5 / scale} />
        })}
      </g>
      <path d="M0 -11L8 9L0 4L-8 9z" fill="#ff6a1a" stroke="#fff" stroke-width="2" />
    </svg>
  )
}

async function fetchWorld(mapId: string): Promise<ReadyWorld | undefined> {
  try {
    const folder = `/maps/${encodeURIComponent(mapId)}`
    const [ready, course] = await Promise.all([fetch(`${folder}/ready.json`), fetch(`${folder}/course.bin`)])
    const loaded = readyWorld(await ready.json(), new Uint8Array(await course.arrayBuffer()))
    return loaded.ok ? loaded.value : undefined
  } catch {
    return undefined // The page is a handlebar without its map.
  }
}

function readPaired(): Paired | undefined {
  try {
    const read = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Paired | null
    return typeof read?.key === 'string' && typeof read.room.id === 'string' ? read : undefined
  } catch {
    return undefined // Switched off, or not ours.
  }
}

function writePaired(paired: Paired | undefined): void {
  try {
    if (paired === undefined) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, JSON.stringify(paired))
  } catch {
    // The phone pairs anew after a reload.
  }
}
