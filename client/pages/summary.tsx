import { ToldList } from './mine/told-list.tsx'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { keepPicture } from '../ride-picture.ts'
import { rides as words } from '../words/rides.ts'
import { clockText } from './format.ts'
import { mine, type OneRide } from './mine/mine-api.ts'
import { heightTold, numberText, roadTold, speedTold, type Told } from './mine/ride-text.ts'
import { RideView } from './mine/ride-view.tsx'
import { KeepThem } from './mine/keep-them.tsx'
import './mine/mine.css'
import { isSignedInHere } from './own-memory.ts'
import { Footer, Masthead, Notice } from './parts.tsx'
import type { RideEnd } from './ticket.ts'

type Kept =
  | { readonly state: 'asking' | 'too-short' | 'unreachable' | 'waiting' }
  | { readonly state: 'kept'; readonly ride: OneRide }

/** What the ride came to: as the server has kept it; until that is there, as this page has counted. */
export function SummaryPage({ clock, end, onAgain }: { clock: ClientClock; end: RideEnd; onAgain: () => void }): VNode {
  const [kept, setKept] = useState<Kept>({ state: end.secret === undefined ? 'unreachable' : 'asking' })
  useEffect(() => {
    if (end.secret === undefined) return
    void mine.end(end.secret).then(async (answer) => {
      if (!answer.ok) return setKept({ state: 'unreachable' })
      const { ride, isWaiting } = answer.value
      if (ride === null) return setKept({ state: isWaiting ? 'waiting' : 'too-short' })
      const picture = await end.picture
      if (picture !== undefined) await keepPicture(ride.id, picture, clock.wallMs())
      setKept({ state: 'kept', ride })
    })
  }, [])
  return (
    <div class="page">
      <Masthead here="road" />
      <main class="mine stack">
        <h1>{words.goodRide(end.name)}</h1>
        {kept.state === 'kept' && !isSignedInHere() && <KeepThem untilMs={kept.ride.keptUntilMs} />}
        {kept.state === 'kept' ? <RideView ride={kept.ride} onGone={onAgain} /> : <Counted end={end} />}
        {kept.state === 'asking' && <Notice level="info">{words.keepingRide}</Notice>}
        {kept.state === 'too-short' && <p class="muted">{words.tooShort}</p>}
        {kept.state === 'waiting' && <Notice level="info">{words.waits}</Notice>}
        {kept.state === 'unreachable' && end.secret !== undefined && <Notice level="info">{words.notKept}</Notice>}
        <div class="row">
          <button class="button first" type="button" onClick={onAgain}>
            {words.rideAgain}
          </button>
          {end.eventId !== undefined && (
            <a class="button" href={`/events/${end.eventId}`}>
              {words.raceResult}
            </a>
          )}
          <a class="button" href="/rides">
            {words.allRides}
          </a>
        </div>
      </main>
      <Footer />
    </div>
  )
}

/** By this page's own count, from the server's records of its rider. */
function Counted({ end }: { end: RideEnd }): VNode {
  const averageW = end.durationS > 0 ? end.workJ / end.durationS : 0
  const averageMps = end.durationS > 0 ? end.distanceM / end.durationS : 0
  const rows: readonly (readonly [string, Told])[] = [
    [words.distance, roadTold(end.distanceM, 2)],
    [words.time, { value: clockText(end.durationS * 1000), unit: '' }],
    [words.work, { value: numberText(end.workJ / 1000, 0), unit: 'kJ' }],
    [words.averagePower, { value: numberText(averageW, 0), unit: 'W' }],
    [words.highestPower, { value: numberText(end.powerMaxW, 0), unit: 'W' }],
    [words.averageSpeed, speedTold(averageMps)],
    [words.climbed, heightTold(end.climbM)],
  ]
  return <ToldList class="ride-figures card" rows={rows} />
}
