import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClientClock } from '../clock.ts'
import type { Probe } from '../net-probe.ts'
import { netWords as words } from '../words/net.ts'
import { ASK_AGAIN_MS, NET_CHANNEL, type NetMessage, type NetView } from '../net-watch.ts'
import { NetPanel } from './net-panel.tsx'
import { Notice, Page } from './parts.tsx'

/** No answer for so long: nobody rides in this browser. */
const ANSWER_MS = 1200
/** Whose page was closed without a word is forgotten after this. */
const FORGET_MS = 6000

/** The connection of whoever rides in this browser, in another tab; else a test of the line. */
export function NetPage({ clock }: { readonly clock: ClientClock }): VNode {
  const { views, isLooking } = useRides(clock)
  const [chosen, setChosen] = useState('')
  const view = views.find(({ id }) => id === chosen) ?? views[0]
  return (
    <Page here="net">
      <h1>{view === undefined ? words.yours : words.of(view.name)}</h1>
      {views.length > 1 && (
        <div class="net-who" role="group" aria-label={words.whose}>
          {views.map(({ id, name }) => (
            <button key={id} type="button" class="button" aria-pressed={id === view?.id} onClick={() => setChosen(id)}>
              {name}
            </button>
          ))}
        </div>
      )}
      {view !== undefined && <NetPanel view={view} />}
      {view === undefined && isLooking && <Notice level="info">{words.looking}</Notice>}
      {view === undefined && !isLooking && <LineTest clock={clock} />}
    </Page>
  )
}

/** Rides tell of themselves while they are asked (client/net-watch.ts). */
function useRides(clock: ClientClock): { views: readonly NetView[]; isLooking: boolean } {
  const [views, setViews] = useState<readonly NetView[]>([])
  const [isLooking, setLooking] = useState(true)
  useEffect(() => {
    const channel = new BroadcastChannel(NET_CHANNEL)
    const heardMs = new Map<string, number>()
    const ask = (): void => {
      const oldestMs = clock.nowMs() - FORGET_MS
      setViews((before) => before.filter(({ id }) => (heardMs.get(id) ?? -Infinity) > oldestMs))
      channel.postMessage({ kind: 'who' } satisfies NetMessage)
    }
    channel.addEventListener('message', ({ data }: MessageEvent<NetMessage>) => {
      if (data.kind === 'gone') return setViews((before) => before.filter(({ id }) => id !== data.id))
      if (data.kind !== 'view') return
      heardMs.set(data.view.id, clock.nowMs())
      setViews((before) =>
        before.some(({ id }) => id === data.view.id)
          ? before.map((one) => (one.id === data.view.id ? data.view : one))
          : [...before, data.view],
      )
    })
    ask()
    const again = setInterval(ask, ASK_AGAIN_MS)
    const looked = setTimeout(() => setLooking(false), ANSWER_MS)
    return () => {
      clearInterval(again)
      clearTimeout(looked)
      channel.close()
    }
  }, [])
  return { views, isLooking }
}

function LineTest({ clock }: { readonly clock: ClientClock }): VNode {
  const [probe, setProbe] = useState<Probe>()
  const [view, setView] = useState<NetView>()
  const [problem, setProblem] = useState('')
  const [isAsking, setAsking] = useState(false)
  const running = useRef<Probe | undefined>(undefined)
  useEffect(() => () => running.current?.close(), [])
  useEffect(() => probe?.net.look(setView), [probe])
  async function test(): Promise<void> {
    setAsking(true)
    setProblem('')
    const { startProbe } = await import('../net-probe.ts')
    const started = await startProbe(clock)
    setAsking(false)
    if (!started.ok) return setProblem(started.message)
    running.current = started.value
    setProbe(started.value)
  }
  return (
    <>
      {probe === undefined && (
        <section class="card stack">
          <p>
            {words.nobody[0]}
            <kbd>N</kbd>
            {words.nobody[1]}
          </p>
          <p class="muted">{words.alone}</p>
          <div>
            <button class="button first" type="button" disabled={isAsking} onClick={() => void test()}>
              {isAsking ? words.opening : words.test}
            </button>
          </div>
          {problem !== '' && <Notice level="bad">{problem}</Notice>}
        </section>
      )}
      {probe !== undefined && view !== undefined && (
        <>
          <ReachFacts probe={probe} />
          {view.seconds.length === 0 ? <Notice level="info">{words.measuring}</Notice> : <NetPanel view={view} />}
        </>
      )}
    </>
  )
}

function ReachFacts({ probe }: { readonly probe: Probe }): VNode {
  const { you, datagram, webrtc, version, protocol } = probe.reach
  const host = datagram.host.includes(':') ? `[${datagram.host}]` : datagram.host
  return (
    <section class="card">
      <dl class="probe-facts">
        <dt>{words.server}</dt>
        <dd>{words.serverIs(version, protocol)}</dd>
        <dt>{words.seesYou}</dt>
        <dd class="number">{you}</dd>
        <dt>{words.bridges}</dt>
        <dd class="number">
          {host}:{datagram.port} ({`UDP${datagram.isSet ? words.asSet : ''}`})
        </dd>
        <dt>{words.browsers}</dt>
        <dd class="number">
          {webrtc.state === 'ready' ? words.webrtc(webrtc.port, webrtc.peers) : words.noWebrtc(webrtc.state)}
        </dd>
      </dl>
    </section>
  )
}
