import { sameBytes } from './bytes.ts'
import type { BridgeClock } from './clock.ts'
import type { FitnessEquipmentPage } from './pages/fitness-equipment.ts'
import { type ControlAnswer, controlCode, type ControlRequest, type ControlResult } from './profiles/control-point.ts'
import { fecPlan, type FecPlan, FLAT, REQUEST_PAGE, requestOf, TRACK_PAGE, WIND_PAGE } from './fec-pages.ts'

export interface FecPortOptions {
  readonly clock: BridgeClock
  /** Acknowledged data to the trainer; `takeTransfer` says what became of it. */
  readonly transmit: (page: Uint8Array) => void
  readonly onAnswer: (answer: ControlAnswer, atMs: number) => void
  /** What was answered as taken turned out not to be: whoever asked is to ask again. */
  readonly onUntaken: (atMs: number) => void
}

/** Within two seconds there is an answer: whoever asked gives up then. */
const DEADLINE_MS = 1800
/** A trainer listens four times a second; what the stick has not told of by then is lost. */
const TRANSFER_MS = 700
const STATUS_MS = 600
const PENDING_AGAIN_MS = 200
const BUSY_AGAIN_MS = 125
/** A page of this many refusals in a row has nobody to hear it. */
const TRIES_MAX = 6
/** With nothing newer to say, the last road is asked after. */
const QUIET_MS = 400
/** After so many requests without any answer, ever, a trainer knows no page 71: its radio's word is all there is. */
const STATUS_TRIES_MAX = 2

type Status = { readonly lastPage: number | undefined; readonly status: number | undefined; readonly echo: number }

/** What is being transmitted, and what to do when it was, or was not. */
interface Transfer {
  readonly page: Uint8Array
  readonly deadlineMs: number
  readonly done: (isThere: boolean) => void
  tries: number
  /** The stick took it; else it is busy with an older one, and what it says next is about that. */
  isOnAir: boolean
}

interface Job {
  readonly request: ControlRequest
  readonly plan: FecPlan
  readonly deadlineMs: number
}

/**
 * A trainer over acknowledged data: one page at a time, said again until the radio or the deadline says enough; the newest
 * request wins over one that waits. Page 71 then tells whether the trainer took it. Of roads that follow one another only
 * the first is asked after at once, and the last when it is quiet: each question costs a turn that the next road needs.
 */
export class FecPort {
  readonly #options: FecPortOptions
  #job: Job | undefined
  #next: Job | undefined
  #transfer: Transfer | undefined
  #awaitStatus: ((status: Status) => void) | undefined
  #cancelTransfer: (() => void) | undefined
  #cancelStatus: (() => void) | undefined
  #cancelQuiet: (() => void) | undefined
  /** Pages that this trainer has confirmed. */
  readonly #known = new Set<number>()
  #statusMisses = 0
  #hasStatus = false
  /** The last target written, to be taken back at the end. */
  #lastTarget: Uint8Array | undefined
  #lastWind = ''
  /** The last command that went out, and the last that page 71 told of. */
  #lastWritten: Uint8Array | undefined
  #confirmed: Uint8Array | undefined
  #isClosed = false
  readonly counts = { transfers: 0, retries: 0, untaken: 0 }

  constructor(options: FecPortOptions) {
    this.#options = options
  }

  send(request: ControlRequest): void {
    if (this.#isClosed) return
    const job = { request, plan: fecPlan(request), deadlineMs: this.#options.clock.nowMs() + DEADLINE_MS }
    if (job.plan.pages.length === 0) return this.#answer(job, job.plan.result)
    // What waited is overtaken: whoever asked twice listens for the second answer.
    this.#next = job
    if (this.#job === undefined) this.#begin()
  }

  /** A page that asks the trainer for another, or tells it of the rider; behind what a rider waits for. */
  tell(page: Uint8Array, done: (isThere: boolean) => void = () => {}): void {
    if (this.#isClosed || this.#job !== undefined || this.#transfer !== undefined) return done(false)
    this.#write(page, this.#options.clock.nowMs() + DEADLINE_MS, done)
  }

  takeTransfer(result: 'completed' | 'failed' | 'busy'): void {
    const transfer = this.#transfer
    if (transfer === undefined) return
    const isOurs = transfer.isOnAir
    if (result === 'completed' && isOurs) return this.#transferred(true)
    if (transfer.tries >= TRIES_MAX) return this.#transferred(false)
    if (result !== 'busy') return this.#again(transfer)
    transfer.isOnAir = false
    this.#cancelTransfer?.()
    this.#cancelTransfer = this.#options.clock.after(BUSY_AGAIN_MS, () => this.#again(transfer))
  }

  takePage(page: FitnessEquipmentPage): void {
    if (page.page !== 71) return
    this.#hasStatus = true
    this.#awaitStatus?.({ lastPage: page.lastPage, status: page.commandStatus, echo: page.echo ?? 0 })
  }

  /** The flat, if anything else was asked for; calls back when it is taken, refused or too late. */
  release(done: (isFree: boolean) => void): void {
    const last = this.#lastTarget
    this.#stop()
    if (last === undefined || sameBytes(last, FLAT)) return done(true)
    const deadlineMs = this.#options.clock.nowMs() + DEADLINE_MS
    this.#write(FLAT, deadlineMs, (isThere) => {
      if (isThere && this.#hasStatus) this.#confirm(FLAT, deadlineMs, (result) => done(result === 'success'))
      else done(isThere)
    })
  }

  close(): void {
    this.#stop()
    this.#isClosed = true
  }

  #stop(): void {
    for (const cancel of [this.#cancelTransfer, this.#cancelStatus, this.#cancelQuiet]) cancel?.()
    this.#job = undefined
    this.#next = undefined
    this.#transfer = undefined
    this.#awaitStatus = undefined
  }

  #begin(): void {
    this.#cancelQuiet?.()
    const job = this.#next
    // A question that is still in the air is let land; it takes a quarter of a second.
    if (job === undefined || this.#transfer !== undefined) return
    this.#cancelStatus?.()
    this.#awaitStatus = undefined
    this.#next = undefined
    this.#job = job
    this.#tellPage(job, 0)
  }

  #tellPage(job: Job, index: number): void {
    const page = job.plan.pages[index]
    if (page === undefined) return this.#finish(job, 'success')
    // The air is told when it changes; a trainer keeps it.
    if (page[0] === WIND_PAGE && this.#lastWind === page.toString()) return this.#tellPage(job, index + 1)
    if (job.plan.isConfirmed && page[0] !== WIND_PAGE) this.#lastTarget = page
    this.#write(page, job.deadlineMs, (isThere) => {
      if (this.#job !== job) return
      if (!isThere) return this.#finish(job, 'failed')
      // Trainers without wind ride well without it: whether they took it is not asked.
      if (page[0] === WIND_PAGE) this.#lastWind = page.toString()
      const mayAskLater = page[0] === WIND_PAGE || (page[0] === TRACK_PAGE && this.#known.has(TRACK_PAGE))
      if (!job.plan.isConfirmed || mayAskLater || !this.#mayHaveStatus) return this.#tellPage(job, index + 1)
      this.#confirm(page, job.deadlineMs, (result) => {
        if (this.#job !== job) return
        if (result === 'success') this.#tellPage(job, index + 1)
        else this.#finish(job, result)
      })
    })
  }

  get #mayHaveStatus(): boolean {
    return this.#hasStatus || this.#statusMisses < STATUS_TRIES_MAX
  }

  #finish(job: Job, result: ControlResult): void {
    this.#job = undefined
    if (result === 'success' && job.plan.isConfirmed) this.#askWhenQuiet(job)
    this.#answer(job, result)
    if (this.#job === undefined && this.#next !== undefined) this.#begin()
  }

  /** The last road of several is asked after when nothing newer comes; said again if the air was told behind it. */
  #askWhenQuiet(job: Job): void {
    const page = job.plan.pages[0]!
    if (page[0] !== TRACK_PAGE || !this.#hasStatus || this.#confirmed === page) return
    const { clock } = this.#options
    this.#cancelQuiet = clock.after(QUIET_MS, () => {
      if (this.#job !== undefined || this.#transfer !== undefined) return
      const deadlineMs = clock.nowMs() + DEADLINE_MS
      const ask = (): void =>
        this.#confirm(page, deadlineMs, (result) => {
          if (this.#job !== undefined || result === 'success') return
          this.counts.untaken++
          this.#options.onUntaken(clock.nowMs())
        })
      if (this.#lastWritten === page) ask()
      else this.#write(page, deadlineMs, (isThere) => (isThere ? ask() : undefined))
    })
  }

  /** Asks for page 71 until it tells of this page, or until the deadline. */
  #confirm(page: Uint8Array, deadlineMs: number, done: (result: ControlResult) => void): void {
    const { clock } = this.#options
    const again = (delayMs: number): void => {
      if (clock.nowMs() + delayMs >= deadlineMs) return done(this.#hasStatus ? 'failed' : 'success')
      this.#cancelStatus = clock.after(delayMs, ask)
    }
    const ask = (): void =>
      this.#write(requestOf(71), deadlineMs, (isThere) => {
        if (!isThere) return done('failed')
        this.#await(page, Math.min(STATUS_MS, deadlineMs - clock.nowMs()), (result) => {
          if (result === 'pending') return again(PENDING_AGAIN_MS)
          if (result === undefined) {
            if (!this.#hasStatus) this.#statusMisses++
            return this.#mayHaveStatus ? again(0) : done('success')
          }
          if (result === 'success') {
            this.#known.add(page[0]!)
            this.#confirmed = page
          }
          done(result)
        })
      })
    ask()
  }

  /** What page 71 says of this page; one that tells of an older page may be followed by the right one. */
  #await(page: Uint8Array, withinMs: number, done: (result: ControlResult | 'pending' | undefined) => void): void {
    let isOther = false
    const end = (result: ControlResult | 'pending' | undefined): void => {
      this.#cancelStatus?.()
      this.#awaitStatus = undefined
      done(result)
    }
    this.#cancelStatus?.()
    this.#cancelStatus = this.#options.clock.after(Math.max(0, withinMs), () => end(isOther ? 'failed' : undefined))
    this.#awaitStatus = (status) => {
      const result = resultOf(page, status)
      if (result === undefined) isOther = true
      else end(result)
    }
  }

  #write(page: Uint8Array, deadlineMs: number, done: (isThere: boolean) => void): void {
    if (page[0] !== REQUEST_PAGE) this.#lastWritten = page
    this.#transfer = { page, deadlineMs, done, tries: 0, isOnAir: false }
    this.counts.transfers++
    this.#again(this.#transfer)
  }

  #again(transfer: Transfer): void {
    if (this.#transfer !== transfer) return
    const { clock, transmit } = this.#options
    if (clock.nowMs() >= transfer.deadlineMs) return this.#transferred(false)
    // A newer wish takes the place of one that has not got through.
    if (transfer.tries > 0 && this.#next !== undefined) return this.#overtaken()
    if (transfer.tries > 0) this.counts.retries++
    transfer.tries++
    transfer.isOnAir = true
    this.#cancelTransfer?.()
    const withinMs = Math.min(TRANSFER_MS, transfer.deadlineMs - clock.nowMs())
    this.#cancelTransfer = clock.after(withinMs, () => this.#again(transfer))
    transmit(transfer.page)
  }

  #overtaken(): void {
    this.#cancelTransfer?.()
    this.#transfer = undefined
    this.#job = undefined
    this.#begin()
  }

  #transferred(isThere: boolean): void {
    const transfer = this.#transfer
    this.#cancelTransfer?.()
    this.#cancelTransfer = undefined
    this.#transfer = undefined
    transfer?.done(isThere)
    if (this.#job === undefined && this.#transfer === undefined && this.#next !== undefined) this.#begin()
  }

  #answer(job: Job, result: ControlResult): void {
    const answer = { requestCode: controlCode(job.request.op), result, parameters: new Uint8Array(0) }
    this.#options.onAnswer(answer, this.#options.clock.nowMs())
  }
}

/** Page 71: 0 taken, 1 failed, 2 not supported, 3 rejected, 4 pending; the last four bytes of the command come back. */
function resultOf(page: Uint8Array, { lastPage, status, echo }: Status): ControlResult | 'pending' | undefined {
  const isOurs = lastPage === page[0] && echo === new DataView(page.buffer, page.byteOffset).getUint32(4, true)
  if (!isOurs || status === undefined) return undefined
  return (['success', 'failed', 'not-supported', 'failed', 'pending'] as const)[status] ?? 'failed'
}
