import { render, type VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import type { FilmSource } from '../film-source.ts'
import type { Answer } from './api.ts'
import { JoinPage } from './join.tsx'
import type { MeetPageProps } from './meet.tsx'
import { readRider, readWatched, reloadOnce } from './memory.ts'
import type { RidePageProps } from './ride.tsx'
import type { Departure, RideEnd, Ticket } from './ticket.ts'

type Screen =
  | { readonly screen: 'join'; readonly error?: string }
  | { readonly screen: 'ride'; readonly departure: Departure }
  | { readonly screen: 'summary'; readonly end: RideEnd }

export function mountPages(root: HTMLElement, clock: ClientClock): void {
  render(<App clock={clock} />, root)
}

/** Pages by address, each fetched when somebody goes there; what no line knows is nowhere. */
type Load = (clock: ClientClock, part: string) => Promise<VNode>
const PAGES: readonly (readonly [RegExp, Load])[] = [
  [
    /^\/organise/,
    async (clock) => await import('./organise.tsx').then(({ OrganisePage }) => <OrganisePage clock={clock} />),
  ],
  [/^\/net\/?$/, async (clock) => await import('./net.tsx').then(({ NetPage }) => <NetPage clock={clock} />)],
  [/^\/replay\/([\w-]{1,64})\/?$/, film],
  [
    /^\/overlay\/(\w{1,16})\/?$/,
    async (_clock, kind) => await import('./overlay.tsx').then(({ OverlayPage }) => <OverlayPage kind={kind} />),
  ],
  [/^\/watch\/?$/, async () => await import('./watch.tsx').then(({ WatchPage }) => <WatchPage />)],
  [/^\/watch\/([\w-]{1,64})\/?$/, live],
  [
    /^\/events\/([\w-]{1,64})\/?$/,
    async (clock, id) => await import('./event.tsx').then(({ EventPage }) => <EventPage clock={clock} id={id} />),
  ],
  [/^\/roads\/?$/, async () => await import('./roads.tsx').then(({ RoadsPage }) => <RoadsPage />)],
  [
    /^\/meet\/?$/,
    async (clock) => await import('./meet-new.tsx').then(({ NewMeetPage }) => <NewMeetPage clock={clock} />),
  ],
  [/^\/companion\/?$/, async () => await import('./companion.tsx').then(({ CompanionPage }) => <CompanionPage />)],
  [/^\/(?:rides|profile|garage|account)(?:\/|$)/, mine],
  [/^\/bench\/?$/, async (clock) => await import('./bench.tsx').then(({ BenchPage }) => <BenchPage clock={clock} />)],
  [/^\/about\/?$/, async () => await import('./about.tsx').then(({ AboutPage }) => <AboutPage />)],
]
/** The door of a meet-up is a way onto the road, like the first page. */
const MEET = /^\/meet\/([\w-]{1,64})\/?$/

function App({ clock }: { clock: ClientClock }): VNode {
  const path = location.pathname
  const meet = MEET.exec(path)
  if (meet) return <Road clock={clock} meetId={meet[1]!} />
  if (path === '/' || path === '/index.html') return <Road clock={clock} />
  for (const [address, load] of PAGES) {
    const found = address.exec(path)
    if (found) return <Later load={async () => await load(clock, found[1] ?? '')} />
  }
  return <Later load={async () => await import('./about.tsx').then(({ NowherePage }) => <NowherePage />)} />
}

/** A rider's own pages. */
async function mine(clock: ClientClock): Promise<VNode> {
  const { MinePage } = await import('./mine/mine.tsx')
  return <MinePage clock={clock} path={location.pathname} />
}

/** A page that is fetched first; a server that was built anew meanwhile has other files, so the page is loaded once more. */
function Later({ load }: { load: () => Promise<VNode> }): VNode {
  const [page, setPage] = useState<VNode>()
  useEffect(() => {
    load().then(setPage, () => reloadOnce())
  }, [])
  return page ?? <main class="page" aria-busy="true" />
}

/** A ride looked at again. */
async function film(clock: ClientClock, id: string): Promise<VNode> {
  const atS = Number(new URLSearchParams(location.search).get('t') ?? 0) || 0
  return await filmPage(clock, async () => {
    const { filmOnServer, openFilm } = await import('../film-source.ts')
    return await openFilm(filmOnServer(id), atS)
  })
}

/** A road as it is ridden now. */
async function live(clock: ClientClock, roomId: string): Promise<VNode> {
  return await filmPage(clock, async () => await (await import('../live-source.ts')).openLive(roomId))
}

/** What is shown is asked for at once: the server works while the page and the picture's code come. */
async function filmPage(clock: ClientClock, open: () => Promise<Answer<FilmSource>>): Promise<VNode> {
  const opening = open()
  void import('../film.ts').then(({ getReady }) => getReady())
  const { FilmPage } = await import('./film.tsx')
  return <FilmPage clock={clock} open={async () => await opening} {...asked()} />
}

/** Whom a link names; nobody: the director shows it. */
function asked(): { readonly riderId?: number; readonly isDirected: boolean } {
  const riderId = Number(new URLSearchParams(location.search).get('rider') ?? NaN)
  return Number.isInteger(riderId) ? { riderId, isDirected: false } : { isDirected: true }
}

/** The ride: the page, the door of the room and the picture come side by side. */
function RideLater(props: RidePageProps): VNode {
  const [Page, setPage] = useState<typeof import('./ride.tsx').RidePage>()
  useEffect(() => {
    import('./ride.tsx').then(
      ({ RidePage }) => setPage(() => RidePage),
      () => reloadOnce(),
    )
    void import('../entry.ts')
    void import('../ride.ts')
  }, [])
  return Page === undefined ? <main class="page" aria-busy="true" /> : <Page {...props} />
}

/** Door, ride, and what it came to. A reload in the middle of a ride comes back as the same rider. */
function Road({ clock, meetId }: { clock: ClientClock; meetId?: string }): VNode {
  const [screen, setScreen] = useState<Screen>(firstScreen)
  const rides = useRef(0)
  switch (screen.screen) {
    case 'join': {
      const onDepart = (departure: Departure): void => setScreen({ screen: 'ride', departure })
      const { error } = screen
      if (meetId === undefined) return <JoinPage clock={clock} error={error} onDepart={onDepart} />
      return <MeetLater clock={clock} error={error} id={meetId} onDepart={onDepart} />
    }
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
      return (
        <Later
          load={async () => {
            const { SummaryPage } = await import('./summary.tsx')
            return <SummaryPage clock={clock} end={screen.end} onAgain={() => setScreen({ screen: 'join' })} />
          }}
        />
      )
  }
}

function MeetLater(props: MeetPageProps): VNode {
  const [Page, setPage] = useState<typeof import('./meet.tsx').MeetPage>()
  useEffect(() => {
    import('./meet.tsx').then(
      ({ MeetPage }) => setPage(() => MeetPage),
      () => reloadOnce(),
    )
  }, [])
  return Page === undefined ? <main class="page" aria-busy="true" /> : <Page {...props} />
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
