import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import { Notice } from '../parts.tsx'
import { pictureOf } from '../../ride-picture.ts'
import { Charts } from './charts.tsx'
import { Bests, Figures, Headline, Segments, Stints } from './figures.tsx'
import { mine, type OneRide, type RideRows } from './mine-api.ts'
import { clockOfDay, dayText, fileNameOf, roadUnit } from './ride-text.ts'
import { Trace } from './trace.tsx'

/** One ride, whole: after riding it, and whenever it is looked at again. */
/** `title`: what the page says already. */
export function RideView({ ride, title = '', onGone }: { ride: OneRide; title?: string; onGone: () => void }): VNode {
  const [rows, setRows] = useState<RideRows>()
  const [picture, setPicture] = useState<string>()
  const [at, setAt] = useState<number>()
  const [before, setBefore] = useState<ReadonlyMap<number, number>>(new Map())
  useEffect(() => {
    let url: string | undefined
    void mine.rows(ride.id).then((answer) => answer.ok && setRows(answer.value))
    void pictureOf(ride.id).then((blob) => {
      if (blob === undefined) return
      url = URL.createObjectURL(blob)
      setPicture(url)
    })
    if (ride.isMine) void bestsBefore(ride).then(setBefore)
    return () => url !== undefined && URL.revokeObjectURL(url)
  }, [ride.id])
  const { summary } = ride
  return (
    <>
      <div class="ride-top">
        {picture !== undefined && <img class="ride-picture" src={picture} alt={words.picture} />}
        <Headline summary={summary} />
      </div>
      <p class="muted">
        {[ride.mapName, ride.eventTitle].filter((part) => part !== '' && part !== title).map((part) => `${part} · `)}
        {dayText(ride.startMs)}, {clockOfDay(ride.startMs)}
      </p>
      <Figures ride={ride} />
      {rows !== undefined && rows.atS.length > 1 && (
        <div class="ride-pair">
          <Charts rows={rows} at={at} onAt={setAt} />
          <div class="stack">
            <Trace rows={rows} mapName={ride.mapName} at={at} />
            <Bests bests={summary.bests} massKg={ride.massKg} before={before} />
          </div>
        </div>
      )}
      <div class="ride-tables">
        <Segments segments={summary.segments} />
        <Stints title={words.laps} first={words.lap} stints={summary.laps} />
        <Stints title={words.splits} first={roadUnit() === 'km' ? 'km' : '#'} stints={summary.splits} />
      </div>
      {ride.hasFilm && (
        <p class="row">
          <a class="button" href={`/replay/${ride.id}`}>
            {words.film}
          </a>
          <span class="small muted">{words.filmWhy}</span>
        </p>
      )}
      {ride.isMine && <Own ride={ride} onGone={onGone} />}
    </>
  )
}

async function bestsBefore(ride: OneRide): Promise<ReadonlyMap<number, number>> {
  const all = await mine.rides()
  const best = new Map<number, number>()
  if (!all.ok) return best
  for (const { id, startMs, summary } of all.value) {
    if (id === ride.id || startMs > ride.startMs) continue
    for (const { lengthS, powerW } of summary.bests) best.set(lengthS, Math.max(best.get(lengthS) ?? 0, powerW))
  }
  return best
}

/** What only the rider may do with it. */
function Own({ ride, onGone }: { ride: OneRide; onGone: () => void }): VNode {
  const [isPublic, setPublic] = useState(ride.isPublic)
  const [isSure, setSure] = useState(false)
  const [said, setSaid] = useState('')
  const address = `${location.origin}/rides/${ride.id}`
  async function save(): Promise<void> {
    const blob = await mine.fit(ride.id)
    if (blob === undefined) return setSaid(words.notKept)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = fileNameOf(ride)
    link.click()
    URL.revokeObjectURL(link.href)
  }
  async function share(wish: boolean): Promise<void> {
    setPublic(wish)
    const answer = await mine.share(ride.id, wish)
    if (!answer.ok) {
      setPublic(!wish)
      setSaid(answer.message)
    }
  }
  async function erase(): Promise<void> {
    const answer = await mine.erase(ride.id)
    if (answer.ok) onGone()
    else setSaid(answer.message)
  }
  return (
    <section class="card own-ride" aria-label={words.share}>
      <div class="row">
        <button class="button" type="button" onClick={() => void save()}>
          {words.fit}
        </button>
        {isSure ? (
          <>
            <span>{words.eraseSure}</span>
            <button class="button danger" type="button" onClick={() => void erase()}>
              {words.eraseYes}
            </button>
            <button class="button plain" type="button" onClick={() => setSure(false)}>
              {words.cancel}
            </button>
          </>
        ) : (
          <button class="button plain push" type="button" onClick={() => setSure(true)}>
            {words.erase}
          </button>
        )}
      </div>
      <label class="tick">
        <input type="checkbox" checked={isPublic} onChange={(event) => void share(event.currentTarget.checked)} />
        <span>
          {words.share}
          <span class="small muted"> {words.shareWhy}</span>
        </span>
      </label>
      {isPublic && (
        <div class="row">
          <code class="link">{address}</code>
          <button
            class="button"
            type="button"
            onClick={() => void navigator.clipboard?.writeText(address).then(() => setSaid(words.linkCopied))}
          >
            {words.copyLink}
          </button>
        </div>
      )}
      {said !== '' && <Notice level="info">{said}</Notice>}
    </section>
  )
}
