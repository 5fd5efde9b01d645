import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { BenchResult, BenchTier } from '../world/bench-result.ts'
import type { ClientClock } from '../clock.ts'
import { benchWords as words } from '../words/bench.ts'
import { locale } from '../words/language.ts'
import { numberText } from '../words/units.ts'
import { api, type SentBench } from './api.ts'
import { Notice, Page } from './parts.tsx'
import './bench.css'

type State =
  | { readonly is: 'idle' }
  | { readonly is: 'running'; readonly share: number; readonly tier: BenchTier['tier'] }
  | { readonly is: 'done'; readonly result: BenchResult }
  | { readonly is: 'stopped' }
  | { readonly is: 'failed'; readonly message: string }

/** A frame later than this is seen as a stutter by who rides at 60 Hz, ms. */
const WELL_MS = 20

/** A minute of one road, measured; nobody need ride for it. */
export function BenchPage({ clock }: { readonly clock: ClientClock }): VNode {
  const [state, setState] = useState<State>({ is: 'idle' })
  const [word, setWord] = useState<{ readonly level: 'info' | 'bad'; readonly text: string }>()
  /** Once is enough. */
  const [sent, setSent] = useState<BenchResult>()
  const canvas = useRef<HTMLCanvasElement>(null)
  const isOver = useRef(false)
  useEffect(() => () => void (isOver.current = true), [])

  const run = async (): Promise<void> => {
    isOver.current = false
    setWord(undefined)
    setState({ is: 'running', share: 0, tier: 'low' })
    // The picture is large; who only reads this page does not fetch it.
    const { runBench } = await import('../bench-run.ts')
    const answer = await runBench({
      ...{ canvas: canvas.current!, nowMs: () => clock.nowMs(), isOver: () => isOver.current },
      onProgress: (share, tier) => setState({ is: 'running', share: Math.round(share * 100) / 100, tier }),
    })
    if (!answer.ok) setState({ is: 'failed', message: answer.message })
    else if (answer.value === undefined) setState({ is: 'stopped' })
    else setState({ is: 'done', result: answer.value })
  }
  const send = async (result: BenchResult): Promise<void> => {
    const answer = await api.sendBench(result)
    setWord({ level: answer.ok ? 'info' : 'bad', text: answer.ok ? words.sent : answer.message })
    if (answer.ok) setSent(result)
  }
  const copy = async (result: BenchResult): Promise<void> => {
    try {
      await navigator.clipboard.writeText(asText(result))
      setWord({ level: 'info', text: words.copied })
    } catch {
      setWord({ level: 'bad', text: words.noCopy }) // No permission, or a bare address.
    }
  }

  return (
    <Page here="bench">
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      {state.is === 'running' ? (
        <p class="row">
          <progress class="bench-bar" max={1} value={state.share} aria-label={words.title} />
          <span role="status">{words.now(Math.round(state.share * 100), words[state.tier])}</span>
          <button class="button" type="button" onClick={() => (isOver.current = true)}>
            {words.stop}
          </button>
        </p>
      ) : (
        <p class="row">
          <button class="button first" type="button" onClick={() => void run()}>
            {state.is === 'done' ? words.again : words.start}
          </button>
        </p>
      )}
      <canvas class="bench-canvas" ref={canvas} data-shown={state.is === 'running'} aria-hidden="true" />
      {state.is === 'stopped' && <Notice level="info">{words.stopped}</Notice>}
      {state.is === 'failed' && <Notice level="bad">{state.message}</Notice>}
      {state.is === 'done' && (
        <>
          <Notice level="info">{verdict(state.result)}</Notice>
          <Figures result={state.result} />
          <p class="row">
            <button
              class="button"
              type="button"
              disabled={sent === state.result}
              onClick={() => void send(state.result)}
            >
              {words.send}
            </button>
            <button class="button" type="button" onClick={() => void copy(state.result)}>
              {words.copy}
            </button>
          </p>
          <p class="small muted">{words.sendWhy}</p>
          {word && <Notice level={word.level}>{word.text}</Notice>}
        </>
      )}
      <SentIn key={sent === undefined ? '' : 'sent'} />
    </Page>
  )
}

function verdict({ tiers }: BenchResult): string {
  const best = tiers.findLast(({ p95Ms }) => p95Ms < WELL_MS)
  return best === undefined ? words.tooSlow : words.fast(words[best.tier])
}

function rowsOf({ card, screenWidthPx, screenHeightPx, pixelRatio, tiers }: BenchResult): {
  readonly about: readonly (readonly [string, string])[]
  readonly table: readonly (readonly string[])[]
} {
  const ms = (value: number): string => words.ms(numberText(value, 1))
  return {
    about: [
      [words.card, card],
      [words.screen, `${words.size(screenWidthPx, screenHeightPx)} · ${numberText(pixelRatio, 2)}`],
    ],
    table: [
      [words.detail, ...tiers.map(({ tier }) => words[tier])],
      [words.usual, ...tiers.map(({ p50Ms }) => ms(p50Ms))],
      [words.slow, ...tiers.map(({ p95Ms }) => ms(p95Ms))],
      [words.slowest, ...tiers.map(({ p99Ms }) => ms(p99Ms))],
      [
        words.script,
        ...tiers.map(({ scriptP50Ms, scriptP99Ms }) => `${numberText(scriptP50Ms, 1)}–${ms(scriptP99Ms)}`),
      ],
      [words.drawn, ...tiers.map(({ widthPx, heightPx }) => words.size(widthPx, heightPx))],
      [words.draws, ...tiers.map(({ drawCalls }) => numberText(drawCalls, 0))],
      [words.triangles, ...tiers.map(({ triangles }) => numberText(triangles, 0))],
    ],
  }
}

function Figures({ result }: { readonly result: BenchResult }): VNode {
  const { about, table } = rowsOf(result)
  const [head, ...rows] = table
  return (
    <div class="scroll-x">
      <table>
        <caption>{about.map(([name, value]) => `${name}: ${value}`).join(' · ')}</caption>
        <thead>
          <tr>
            {head!.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, k) => (
                <td key={k}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What others' computers took, one line for each tier: on this server, and by nobody's name. */
function SentIn(): VNode | null {
  const [rows, setRows] = useState<readonly SentBench[]>()
  useEffect(() => {
    // A page without a server shows its own figures only.
    void api.benches().then((answer) => answer.ok && setRows(answer.value))
  }, [])
  if (rows === undefined) return null
  return (
    <section class="stack">
      <h2>{words.sentIn}</h2>
      {rows.length === 0 ? (
        <p class="muted">{words.nothingSent}</p>
      ) : (
        <div class="scroll-x" role="region" aria-label={words.sentIn} tabIndex={0}>
          <table class="bench-sent">
            <thead>
              <tr>
                {[words.card, words.detail, words.drawn, words.usual, words.slowest, words.day].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            {rows.map((row, k) => (
              <tbody key={k}>
                {row.tiers.map((one, j) => (
                  <tr key={one.tier}>
                    {j === 0 && (
                      <th scope="rowgroup" rowSpan={row.tiers.length}>
                        {row.card === '' ? words.cardUnknown : row.card}
                      </th>
                    )}
                    <td>{words[one.tier]}</td>
                    <td>{words.size(one.widthPx, one.heightPx)}</td>
                    <td>{words.ms(numberText(one.p50Ms, 1))}</td>
                    <td>{words.ms(numberText(one.p99Ms, 1))}</td>
                    {j === 0 && <td rowSpan={row.tiers.length}>{dayText(row.atMs)}</td>}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </section>
  )
}

const dayText = (atMs: number): string =>
  new Date(atMs).toLocaleDateString(locale(), { dateStyle: 'medium', timeZone: 'UTC' })

function asText(result: BenchResult): string {
  const { about, table } = rowsOf(result)
  return [...about.map((pair) => pair.join(': ')), ...table.map((row) => row.join('\t'))].join('\n')
}
