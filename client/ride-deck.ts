import { type Signal, signal } from '@preact/signals'
import type { BakedCourse } from '#maps/course'
import type { Network } from '#maps/network'
import { Announcer } from './hud/announcer.ts'
import { clock, isMiles, lengthText, speedUnit, whole } from './hud/figures.ts'
import type { TalkLine } from './hud/hud-types.ts'
import type { MountedHud } from './hud/mount.tsx'
import { readTrace, writeTrace } from './hud/trace-memory.ts'
import { isSignedInHere } from './pages/own-memory.ts'
import type { Avoided, ChatLine, RemoteWish, RideOn, RoomFacts, RoomLink, SegmentTime } from './room.ts'
import { hud as words } from './words/hud.ts'
import type { Junction } from './world/junction.ts'
import { LapBook } from './world/lap-book.ts'
import { timesOver } from './world/pace.ts'
import { SegmentWatch, TRACE_POINTS } from './world/segment-watch.ts'
import type { SceneRiders } from './world/scene-riders.ts'

/** A line stays over the road for so long, s; the sheet keeps the last of them. */
const LINE_S = 25
const HISTORY_MAX = 200
const CHEER_S = 4
/** What is said or ended by a slip of the finger can be taken back for so long, ms. */
const UNDO_MS = 4000
/** Friends come and go; the server is asked so often, s. */
const FRIENDS_S = 20
const LAPS_SHOWN = 3
/** Watts with which the shape of an even effort is reckoned. */
const EVEN_W = 220
const EVEN_AIR_KGPM3 = 1.15
const PHONE_S = 0.5
const PHONE_RIDERS = 24

export interface HeardLine extends TalkLine {
  readonly id: number
  readonly riderId: number | undefined
  readonly atS: number
  readonly isOwn: boolean
}

export interface Undo {
  readonly kind: 'line' | 'lap'
  readonly text: string
  run(): void
}

export interface DeckOptions {
  readonly course: BakedCourse
  readonly network: Network
  readonly mapId: string
  readonly riderId: number
  readonly body: { readonly massKg: number; readonly cdaM2: number }
  readonly link: RoomLink
  readonly hud: MountedHud
  /** A lap by the button holds; it was pressed so long ago. */
  readonly onLap: (agoS: number) => void
}

export interface DeckMoment {
  readonly timeS: number
  readonly serverS: number
  readonly rideS: number
  readonly riddenM: number
  readonly scene: SceneRiders
  readonly lap: string
  readonly junction: Junction | undefined
  readonly connectionBad: string
  readonly trainer: PhoneTrainer
  readonly isPaused: boolean
  gapToM(placeM: number): number
}

/** What a phone shows of the trainer. */
export interface PhoneTrainer {
  readonly words: string
  readonly mode?: string | undefined
  readonly canShift: boolean
}

/** What happens in a ride beside the riding: laps, segments, what is said, who cheers, what is spoken aloud, phones. */
export class RideDeck {
  readonly laps = new LapBook()
  readonly segments: SegmentWatch
  readonly history: Signal<readonly HeardLine[]> = signal([])
  readonly undo: Signal<Undo | undefined> = signal(undefined)
  readonly phones = signal(0)
  readonly cheers = signal(0)
  /** Whom one blocks or does not hear, as the server keeps it. */
  readonly avoided: Signal<Avoided> = signal({ marks: [], here: [] })
  /** Riders one may cheer, message or report, nearest first. */
  readonly nearby: Signal<readonly { readonly id: number; readonly name: string; readonly isBot: boolean }[]> = signal(
    [],
  )
  /** An action a phone asks for. */
  onRemote: (wish: RemoteWish) => void = () => {}
  readonly #options: DeckOptions
  readonly #announcer: Announcer
  #nowS = 0
  #cheer = { text: '', untilS: -Infinity }
  #undoTimer: ReturnType<typeof setTimeout> | undefined
  #line = 0
  #lapWords = ''
  #junctionWay = ''
  #wasBad = ''
  #phoneS = -Infinity
  #friendsS = -Infinity

  constructor(options: DeckOptions) {
    this.#options = options
    const { course, network, hud, mapId } = options
    const even = new Map<number, readonly number[]>()
    this.segments = new SegmentWatch(course, network, (segment) => {
      const known = even.get(segment) ?? this.#evenTimes(segment)
      even.set(segment, known)
      return known
    })
    for (const { id } of network.segments) {
      const trace = readTrace(mapId, id)
      if (trace !== undefined) this.segments.setOwn(id, trace)
    }
    this.#announcer = new Announcer((sentence) => (hud.signals.spoken.value = sentence))
  }

  facts({ bests }: RoomFacts): void {
    for (const { segmentId, ...row } of bests) this.segments.effort(segmentId, row)
  }

  hear({ riderId, name, text, quick }: ChatLine): void {
    const said = text ?? (quick === undefined ? undefined : words.quick[quick])
    if (said === undefined) return
    const isOwn = riderId === this.#options.riderId
    const line = { id: ++this.#line, riderId, name, text: said, atS: this.#nowS, isOwn }
    this.history.value = [...this.history.value, line].slice(-HISTORY_MAX)
    if (!isOwn) this.#announcer.add('line', `${name}: ${said}`)
  }

  cheered({ name, count }: RideOn): void {
    this.cheers.value = count
    this.#show(words.thanks(name))
    this.#announcer.add('cheer', words.thanks(name))
  }

  given(name: string): void {
    this.#show(words.given(name))
  }

  effort({ riderId, name, segmentId, ms, isBest }: SegmentTime): void {
    this.segments.effort(segmentId, { riderId, name, ms })
    if (riderId !== this.#options.riderId && !isBest) return
    const segment = this.#options.network.segments.find(({ id }) => id === segmentId)
    if (segment === undefined) return
    const text = words.segmentDone(segment.name, clock(ms / 1000)) + (isBest ? `, ${words.fastest}` : '')
    this.hear({ name, text })
  }

  /** Said in a moment, unless it is taken back. */
  say(text: string): void {
    this.#later({ kind: 'line', text, run: () => {} }, () => this.#options.link.say(text))
  }

  quick(index: number): void {
    this.#options.link.quick(index)
  }

  rideOn(riderId: number): void {
    this.#options.link.rideOn(riderId)
  }

  /** To whoever is the nearest. */
  rideOnNearest(): void {
    const nearest = this.nearby.peek().find(({ isBot }) => !isBot) ?? this.nearby.peek()[0]
    if (nearest !== undefined) this.rideOn(nearest.id)
  }

  /** What they said goes, too. */
  avoid(riderId: number, kind: 'block' | 'mute', isOn: boolean): void {
    this.#options.link.avoid(riderId, kind, isOn)
    if (isOn) this.history.value = this.history.value.filter((line) => line.riderId !== riderId)
  }

  isAvoided(riderId: number, kind: 'block' | 'mute'): boolean {
    return this.avoided.value.here.some((one) => one.riderId === riderId && one.kind === kind)
  }

  lap(): void {
    const lap = this.laps.end(true)
    if (lap === undefined) return
    const pressedS = this.#nowS
    this.#tellLap()
    this.#later({ kind: 'lap', text: words.lap(lap.number), run: () => this.laps.undo() && this.#showLaps() }, () =>
      this.#options.onLap(Math.round(this.#nowS - pressedS)),
    )
  }

  takeBack(): void {
    const undo = this.undo.peek()
    clearTimeout(this.#undoTimer)
    this.undo.value = undefined
    undo?.run()
  }

  /** All figures in a sentence, for who asks. */
  speak(): void {
    const { figures, signals } = this.#options.hud
    if (figures === undefined) return
    const bpm = /\d/.test(figures.heartRateBpm) ? figures.heartRateBpm : ''
    const sentence = words.speak({
      ...{ power: figures.power3sW, rpm: figures.cadenceRpm, bpm, speed: figures.speedKmh },
      ...{ grade: figures.gradePercent, distance: figures.distanceKm, time: figures.elapsed, isMiles: isMiles() },
    })
    signals.spoken.value = sentence
    const voice = globalThis.speechSynthesis as SpeechSynthesis | undefined
    if (voice === undefined) return
    voice.cancel()
    const spoken = new SpeechSynthesisUtterance(sentence)
    spoken.lang = document.documentElement.lang
    voice.speak(spoken)
  }

  /** Ten times a second. */
  ride(now: DeckMoment): void {
    this.#nowS = now.timeS
    const { scene } = now
    const { mapId, network, hud } = this.#options
    this.laps.ride({
      ...{ rideS: now.rideS, distanceM: now.riddenM },
      ...{ powerW: scene.powerW[0]!, heartRateBpm: scene.heartRateBpm[0]! },
    })
    const isFar = (text: string): boolean => /\d\s?(k?m|mi|ft)\b/.test(text)
    const isNewLap = this.#lapWords !== '' && now.lap !== this.#lapWords && /\d/.test(this.#lapWords)
    // The line of a lap says where it is in metres until it is reached; only whole laps are ended by it.
    if (isNewLap && !isFar(this.#lapWords) && !isFar(now.lap) && this.laps.end(false)) this.#tellLap()
    this.#lapWords = now.lap
    const done = this.segments.ride(scene.placeM[0]!, now.serverS)
    if (done?.isBest === true) writeTrace(mapId, done.id, done.trace)
    hud.showSegments(this.segments, now.serverS, now.gapToM)
    this.#showLaps()
    this.#announceRoad(now)
    this.#announcer.work(now.timeS)
    // Guests know nobody by account, and need not fetch what would find them.
    if (isSignedInHere() && now.timeS - this.#friendsS >= FRIENDS_S) {
      this.#friendsS = now.timeS
      void import('./pages/mine/friends-now.tsx').then(({ findFriends }) => findFriends(this.#options.link.roomId))
    }
    this.nearby.value = keepNearby(this.nearby.peek(), hud)
    this.#tellPhones(now, network)
  }

  /** Lines that are still new. */
  get lines(): readonly TalkLine[] {
    return this.history
      .peek()
      .filter(({ atS }) => this.#nowS - atS < LINE_S)
      .slice(-3)
  }

  get cheer(): string {
    return this.#nowS < this.#cheer.untilS ? this.#cheer.text : ''
  }

  close(): void {
    clearTimeout(this.#undoTimer)
    if (this.undo.peek()?.kind === 'lap') this.#finish?.()
  }

  #show(text: string): void {
    this.#cheer = { text, untilS: this.#nowS + CHEER_S }
  }

  #later(undo: Undo, then: () => void): void {
    if (this.undo.peek() !== undefined) this.#finish?.()
    clearTimeout(this.#undoTimer)
    this.undo.value = undo
    this.#finish = then
    this.#undoTimer = setTimeout(() => {
      this.undo.value = undefined
      this.#finish = undefined
      then()
    }, UNDO_MS)
  }
  #finish: (() => void) | undefined

  #tellLap(): void {
    const lap = this.laps.laps.at(-1)!
    this.#announcer.add('lap', words.lapDone(lap.number, clock(lap.durationS), whole(lap.meanW)))
    this.#showLaps()
  }

  /** The lap that is on, and the last ones. Nothing before the first is over: the strip has those numbers. */
  #showLaps(): void {
    const { laps } = this.laps
    const on = this.laps.now()
    const list = laps.length === 0 || on === undefined ? [] : [...laps.slice(-LAPS_SHOWN), on]
    const lines = list.map(
      ({ number, durationS, meanW, distanceM }) =>
        `${words.lap(number)} · ${clock(durationS)} · ${whole(meanW)} W · ${lengthText(distanceM)}`,
    )
    const { signals } = this.#options.hud
    if (lines.join() !== signals.laps.peek().join()) signals.laps.value = lines
  }

  #announceRoad({ junction, connectionBad }: DeckMoment): void {
    const key = junction === undefined ? '' : junction.options.map(({ name }) => name).join()
    if (key !== '' && key !== this.#junctionWay)
      this.#announcer.add('junction', words.junctionIn(lengthText(junction!.aheadM)))
    this.#junctionWay = key
    if (connectionBad !== '' && this.#wasBad === '') this.#announcer.add('connection', connectionBad)
    this.#wasBad = connectionBad
  }

  #evenTimes(segment: number): readonly number[] {
    const { course, network, body } = this.#options
    const { along, lengthM } = network.segments[segment]!
    const pieceM = lengthM / TRACE_POINTS
    const slopes = Array.from({ length: TRACE_POINTS }, (_, k) => {
      let leftM = (k + 0.5) * pieceM
      for (const { way, fromM, toM } of along) {
        if (leftM < toM - fromM) return course.slopeAt(course.wayStartM(way) + fromM + leftM)
        leftM -= toM - fromM
      }
      return 0
    })
    return timesOver(slopes, pieceM, EVEN_W, { ...body, crr: 0.004, airKgpm3: EVEN_AIR_KGPM3 })
  }

  /** Twice a second, to phones that are there. */
  #tellPhones(now: DeckMoment, _network: Network): void {
    if (this.phones.peek() === 0 || now.timeS - this.#phoneS < PHONE_S) return
    this.#phoneS = now.timeS
    const { scene } = now
    const { figures } = this.#options.hud
    if (figures === undefined) return
    const near = figures.nearby.map(({ id, name, gap, isSelf, isFriend }) => ({ id, name, gap, isSelf, isFriend }))
    const count = Math.min(scene.count, PHONE_RIDERS)
    const told: PhoneNews = {
      figures: (({ power3sW, cadenceRpm, heartRateBpm, speedKmh, gradePercent, distanceKm, elapsed }) => ({
        ...{ power3sW, cadenceRpm, heartRateBpm, speedKmh, gradePercent, distanceKm, elapsed },
        speedUnit: speedUnit(),
      }))(figures),
      near,
      places: Array.from({ length: count }, (_, row) => Math.round(scene.placeM[row]!)),
      trainer: now.trainer,
      turns: now.junction?.options.map(({ turn, name, isTaken }) => ({ turn, name, isTaken })) ?? [],
      canTurnBack: now.junction?.canTurnBack ?? false,
      talk: this.history
        .peek()
        .slice(-6)
        .map(({ name, text }) => ({ name, text })),
      isPaused: now.isPaused,
    }
    this.#options.link.tellPhones(JSON.stringify(told))
  }
}

/** What a phone reads, twice a second. */
export interface PhoneNews {
  readonly figures: Readonly<
    Record<
      'power3sW' | 'cadenceRpm' | 'heartRateBpm' | 'speedKmh' | 'gradePercent' | 'distanceKm' | 'elapsed' | 'speedUnit',
      string
    >
  >
  readonly near: readonly {
    readonly id: number
    readonly name: string
    readonly gap: string
    readonly isSelf: boolean
    readonly isFriend: boolean
  }[]
  /** Places on the tape; the first is the rider's own. */
  readonly places: readonly number[]
  readonly trainer: PhoneTrainer
  readonly turns: readonly { readonly turn: number; readonly name: string; readonly isTaken: boolean }[]
  readonly canTurnBack: boolean
  readonly talk: readonly TalkLine[]
  readonly isPaused: boolean
}

/** The same list while nobody comes or goes: pages draw it. */
function keepNearby(before: RideDeck['nearby']['value'], hud: MountedHud): RideDeck['nearby']['value'] {
  const rows = hud.figures?.nearby ?? []
  const own = rows.findIndex(({ isSelf }) => isSelf)
  const next = rows
    .map(({ id, name, isBot }, i) => ({ id, name, isBot, far: Math.abs(i - own) }))
    .filter(({ far }) => far > 0)
    .toSorted((a, b) => a.far - b.far)
    .map(({ id, name, isBot }) => ({ id, name, isBot }))
  return JSON.stringify(next) === JSON.stringify(before) ? before : next
}
