import { render, type VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import { EventPage } from './event.tsx'
import { JoinPage } from './join.tsx'
import { readRider, readWatched } from './memory.ts'
import type { RidePageProps } from './ride.tsx'
import type { Departure, RideEnd, Ticket } from './ticket.ts'

type Screen =
  | { readonly screen: 'join'; readonly error?: string }
  | { readonly screen: 'ride'; readonly departure: Departure }
  | { readonly screen: 'summary'; readonly end: RideEnd }

export function mountPages(root: HTMLElement, clock: ClientClock): void {
  render(<App clock={clock} />, root)
}

function App({ clock }: { clock: ClientClock }): VNode {
  const path = location.pathname
  const event = /^\/events\/([\w-]{1,64})\/?$/.exec(path)
  if (path.startsWith('/organise')) return <Office clock={clock} />
  if (/^\/net\/?$/.test(path)) return <NetPageLater clock={clock} />
  const film = /^\/replay\/([\w-]{1,64})\/?$/.exec(path)
  if (film) return <FilmLater clock={clock} id={film[1]!} />
  if (event) return <EventPage clock={clock} id={event[1]!} />
  if (/^\/(rides|profile|garage|account)(\/|$)/.test(path)) return <MineLater clock={clock} path={path} />
  return <Road clock={clock} />
}

/** The organiser's pages, which riders need not wait for. */
function Office({ clock }: { clock: ClientClock }): VNode | null {
  const [Page, setPage] = useState<typeof import('./organise.tsx').OrganisePage>()
  useEffect(() => {
    void import('./organise.tsx').then(({ OrganisePage }) => setPage(() => OrganisePage))
  }, [])
  return Page === undefined ? null : <Page clock={clock} />
}

/** A ride looked at again. */
function FilmLater({ clock, id }: { clock: ClientClock; id: string }): VNode {
  const [page, setPage] = useState<VNode>()
  useEffect(() => {
    const asked = new URLSearchParams(location.search)
    const riderId = Number(asked.get('rider') ?? NaN)
    const where = { atS: Number(asked.get('t') ?? 0) || 0, ...(Number.isInteger(riderId) ? { riderId } : {}) }
    void Promise.all([import('./film.tsx'), import('../film-source.ts')]).then(([{ FilmPage }, { filmOnServer }]) =>
      setPage(<FilmPage clock={clock} address={filmOnServer(id)} {...where} />),
    )
  }, [])
  return page ?? <main class="page" aria-busy="true" />
}

/** A rider's own pages: rides, profile, garage, account. */
function MineLater(props: { clock: ClientClock; path: string }): VNode {
  const [Page, setPage] = useState<typeof import('./mine/mine.tsx').MinePage>()
  useEffect(() => {
    void import('./mine/mine.tsx').then(({ MinePage }) => setPage(() => MinePage))
  }, [])
  return Page === undefined ? <main class="page" aria-busy="true" /> : <Page {...props} />
}

/** What the ride came to: comes when there is one. */
function SummaryLater(props: { clock: ClientClock; end: RideEnd; onAgain: () => void }): VNode {
  const [Page, setPage] = useState<typeof import('./summary.tsx').SummaryPage>()
  useEffect(() => {
    void import('./summary.tsx').then(({ SummaryPage }) => setPage(() => SummaryPage))
  }, [])
  return Page === undefined ? <main class="page" aria-busy="true" /> : <Page {...props} />
}

/** How the connection does: for who asks. */
function NetPageLater({ clock }: { clock: ClientClock }): VNode | null {
  const [Page, setPage] = useState<typeof import('./net.tsx').NetPage>()
  useEffect(() => {
    void import('./net.tsx').then(({ NetPage }) => setPage(() => NetPage))
  }, [])
  return Page === undefined ? null : <Page clock={clock} />
}

/** The ride: the page, the door of the room and the picture come side by side. */
function RideLater(props: RidePageProps): VNode {
  const [Page, setPage] = useState<typeof import('./ride.tsx').RidePage>()
  useEffect(() => {
    void import('./ride.tsx').then(({ RidePage }) => setPage(() => RidePage))
    void import('../entry.ts')
    void import('../ride.ts')
  }, [])
  return Page === undefined ? <main class="page" aria-busy="true" /> : <Page {...props} />
}

/** Door, ride, and what it came to. A reload in the middle of a ride comes back as the same rider. */
function Road({ clock }: { clock: ClientClock }): VNode {
  const [screen, setScreen] = useState<Screen>(firstScreen)
  const rides = useRef(0)
  switch (screen.screen) {
    case 'join':
      return (
        <JoinPage
          clock={clock}
          error={screen.error}
          onDepart={(departure) => setScreen({ screen: 'ride', departure })}
        />
      )
    case 'ride':
      return (
        <RideLater
          key={rides.current}
          clock={clock}
          departure={screen.departure}
          onAgain={(departure) => {
            rides.current++
            setScreen({ screen: 'ride', departure })
          }}
          onEnd={(end) => setScreen(end.error ? { screen: 'join', error: end.error } : { screen: 'summary', end })}
        />
      )
    case 'summary':
      return <SummaryLater clock={clock} end={screen.end} onAgain={() => setScreen({ screen: 'join' })} />
  }
}

function firstScreen(): Screen {
  const code = new URLSearchParams(location.search).get('code')?.trim().toUpperCase()
  if (code) {
    const watchKey = readWatched(code)
    const ticket: Ticket = watchKey === undefined ? { kind: 'code', code } : { kind: 'watch', watchKey }
    return { screen: 'ride', departure: { ticket, sensor: undefined } }
  }
  const rider = readRider()
  if (rider?.isRiding && rider.isFollowing) {
    return { screen: 'ride', departure: { ticket: { kind: 'follow', ...rider }, sensor: undefined } }
  }
  if (rider?.isRiding) {
    const sensor = { kind: rider.hasDevices === true ? 'devices' : 'simulated' } as const
    return { screen: 'ride', departure: { ticket: { kind: 'again', ...rider }, sensor } }
  }
  return { screen: 'join' }
}
