import { createInterface } from 'node:readline'
import type { BridgeState } from '#bridges/bridge-state'
import type { Invocation } from '../command.ts'
import { LiveBlock } from './live-block.ts'
import { screenLines, summaryLine } from './screen.ts'

/** What a running bridge says and what it is told: a terminal with lines that stand still, plain lines, or one JSON a line. */
export interface Voice {
  say(sentence: string): void
  /** Called often; shows what changed. */
  show(state: BridgeState): void
  onLine: ((line: string) => void) | undefined
  close(): void
}

export function openVoice(invocation: Invocation): Voice {
  if (invocation.isJson) return jsonVoice(invocation)
  return process.stdin.isTTY && process.stdout.isTTY ? terminalVoice() : plainVoice(invocation)
}

/** Some terminals do not know their size and say 0. */
const COLUMNS_UNKNOWN = 80
const ROWS_UNKNOWN = 24

function terminalVoice(): Voice {
  const { stdin, stdout } = process
  const lines = createInterface({ input: stdin, output: stdout, prompt: '> ' })
  const block = new LiveBlock(
    {
      write: (text) => void stdout.write(text),
      get columns() {
        return stdout.columns || COLUMNS_UNKNOWN
      },
      get rows() {
        return stdout.rows || ROWS_UNKNOWN
      },
    },
    { redraw: () => lines.prompt(true) },
  )
  const voice: Voice = {
    onLine: undefined,
    say: (sentence) => block.say(sentence),
    show: (state) => block.show(screenLines(state, (stdout.columns || COLUMNS_UNKNOWN) - 1)),
    close() {
      lines.close()
      block.clear()
    },
  }
  lines.on('line', (line) => {
    block.entered()
    voice.onLine?.(line)
  })
  // readline takes Ctrl-C from the terminal; the program is to hear it.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  lines.prompt()
  return voice
}

/** Live values would fill a log file: a line a minute says that it rides. */
const SUMMARY_MS = 60_000

function plainVoice(invocation: Invocation): Voice {
  // Also from a pipe: a program may speak for the rider.
  const lines = createInterface({ input: process.stdin })
  let nextMs = performance.now() + SUMMARY_MS
  const voice: Voice = {
    onLine: undefined,
    say: (sentence) => invocation.say(sentence),
    show(state) {
      if (performance.now() < nextMs) return
      nextMs += SUMMARY_MS
      const line = summaryLine(state)
      if (line !== '') invocation.say(line)
    },
    close: () => lines.close(),
  }
  lines.on('line', (line) => voice.onLine?.(line))
  return voice
}

const JSON_MS = 1000

function jsonVoice(invocation: Invocation): Voice {
  const lines = createInterface({ input: process.stdin })
  let nextMs = 0
  let told = ''
  const voice: Voice = {
    onLine: undefined,
    say: (sentence) => invocation.line(JSON.stringify({ said: sentence })),
    show(state) {
      const nowMs = performance.now()
      if (nowMs < nextMs) return
      nextMs = nowMs + JSON_MS
      const { said: _said, ...rest } = state
      const text = JSON.stringify({ state: rest })
      if (text !== told) invocation.line(text)
      told = text
    },
    close: () => lines.close(),
  }
  lines.on('line', (line) => voice.onLine?.(line))
  return voice
}
