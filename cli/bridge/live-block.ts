import { wrapLine } from '../wrap.ts'

/** The end of a terminal that a block is drawn on; a test brings its own. */
export interface BlockOut {
  write(text: string): void
  readonly columns: number
  readonly rows: number
}

/** While a line is edited key by key the terminal does not go back to the left by itself. */
const LINE_END = '\r\n'

/** What stands below the block: the line being typed. */
export interface TypedLine {
  /** Draws prompt and line anew, the cursor where it was. */
  redraw(): void
}

/**
 * Lines that stand still at the end of a terminal and are drawn anew in place, sentences going by above them and the line
 * that somebody types below. Drawn only when they differ, so that a terminal is quiet and can be selected from.
 */
export class LiveBlock {
  readonly #out: BlockOut
  readonly #typed: TypedLine
  #drawn: readonly string[] = []

  constructor(out: BlockOut, typed: TypedLine) {
    this.#out = out
    this.#typed = typed
  }

  show(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, this.#out.rows - 2))
    if (shown.length === this.#drawn.length && shown.every((line, index) => line === this.#drawn[index])) return
    this.#draw('', shown)
  }

  /** A sentence that stays, above. */
  say(sentence: string): void {
    const lines = sentence.split('\n').flatMap((line) => wrapLine(line, this.#out.columns - 1))
    this.#draw(lines.map((line) => `${line}${LINE_END}`).join(''), this.#drawn)
  }

  /** Enter was pressed: the terminal is a line further down than the block knows. */
  entered(): void {
    this.#out.write('\u001b[1A')
    this.#draw('', this.#drawn)
  }

  /** Takes the block away; what was said stays. */
  clear(): void {
    this.#out.write(this.#erase())
    this.#drawn = []
  }

  #draw(above: string, lines: readonly string[]): void {
    const block = lines.map((line) => `${line.slice(0, this.#out.columns - 1)}${LINE_END}`).join('')
    this.#out.write(`${this.#erase()}${above}${block}`)
    this.#drawn = lines
    this.#typed.redraw()
  }

  /** From the typed line up to the first of the block, and everything below it gone. */
  #erase(): string {
    const up = this.#drawn.length === 0 ? '' : `\u001b[${this.#drawn.length}A`
    return `\r${up}\u001b[0J`
  }
}
