import type { Output } from './print.ts'

const PATIENCE_MS = 2000 // Work that is done sooner needs no bar.
const REDRAW_MS = 100
const LINE_MS = 5000
const BAR_CELLS = 24

/** One line that says how far the work is, for somebody who has waited two seconds. */
export class Progress {
  readonly #out: Output
  readonly #nowMs: () => number
  readonly #startedMs: number
  #shownMs = -Infinity
  #isDrawn = false

  constructor(out: Output, nowMs: () => number) {
    this.#out = out
    this.#nowMs = nowMs
    this.#startedMs = nowMs()
  }

  show(done: number, total: number, label: string): void {
    const nowMs = this.#nowMs()
    const everyMs = this.#out.isTerminal ? REDRAW_MS : LINE_MS
    if (nowMs - this.#startedMs < PATIENCE_MS || nowMs - this.#shownMs < everyMs) return
    this.#shownMs = nowMs
    const share = total > 0 ? Math.min(Math.max(done / total, 0), 1) : 0
    const percent = total > 0 ? `${Math.floor(share * 100)} %` : ''
    if (!this.#out.isTerminal) {
      this.#out.write(`${[label, percent].filter((part) => part !== '').join(': ')}\n`)
      return
    }
    const filled = Math.round(share * BAR_CELLS)
    const bar = total > 0 ? `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${percent.padStart(5)}  ` : ''
    this.#out.write(`\r\u001b[2K${(bar + label).slice(0, this.#out.width - 1)}`)
    this.#isDrawn = true
  }

  /** Before anything else is printed: the line makes room. */
  clear(): void {
    if (this.#isDrawn) this.#out.write('\r\u001b[2K')
    this.#isDrawn = false
  }
}
