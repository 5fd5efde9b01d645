import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { BenchResult, BenchTier } from '../world/bench-result.ts'
import type { ClientClock } from '../clock.ts'
import { benchWords as words } from '../words/bench.ts'
import { numberText } from '../words/units.ts'
import { api } from './api.ts'
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
  const [word, setWord] = useState('')
  const canvas = useRef<HTMLCanvasElement>(null)
  const isOver = useRef(false)
  useEffect(() => () => void (isOver.current = true), [])

  const run = async (): Promise<void> => {
    isOver.current = false
    setWord('')
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
    setWord(answer.ok ? words.sent : answer.message)
  }
  const copy = async (result: BenchResult): Promise<void> => {
    try {
      await navigator.clipboard.writeText(asText(result))
      setWord(words.copied)
    } catch {
      setWord(words.noCopy) // No permission, or a bare address.
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
            <button class="button" type="button" onClick={() => void send(state.result)}>
              {words.send}
            </button>
            <button class="button" type="button" onClick={() => void copy(state.result)}>
              {words.copy}
            </button>
            <span>{words.sendWhy}</span>
          </p>
          {word !== '' && <Notice level="info">{word}</Notice>}
        </>
      )}
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

function asText(result: BenchResult): string {
  const { about, table } = rowsOf(result)
  return [...about.map((pair) => pair.join(': ')), ...table.map((row) => row.join('\t'))].join('\n')
}
