import { type Notice, notice } from '#protocol/notices'
import type { Clock } from '../clock.ts'
import type { Avoided, SafetyStore } from '../store/safety.ts'
import { personKeys } from './persons.ts'

export type AvoidKind = Avoided['kind']

/** What a page is told of whom its rider avoids. */
export interface Mark {
  readonly id: string
  readonly name: string
  readonly kind: AvoidKind
}

export interface BlocksOptions {
  /** Undefined until it is open. */
  readonly store: () => SafetyStore | undefined
  /** Whose these riders are, those that are an account's. */
  readonly accountsOf: (uuids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly clock: Pick<Clock, 'wallMs'>
  readonly newId: () => string
  readonly onError: (error: unknown) => void
  /** Riders on a road just now. */
  readonly here: () => ReadonlySet<string>
}

interface Known {
  readonly guestKey: string
  accountId: string | undefined
  /** By key of whom it is about. */
  avoids: ReadonlyMap<string, ReadonlySet<AvoidKind>>
  marks: readonly Mark[]
  isLoaded: boolean
  /** Counts what was learned: an answer of the store that is older is asked for again. */
  learned: number
}

/** Avoided by one person; more of them are refused in a sentence. */
const MARKS_MAX = 200
/** In the store, of the whole house; beyond it only accounts' marks are kept, guests' hold for the ride. */
const KEPT_MAX = 200_000
/** Riders remembered; of those who are on no road who came first is forgotten first, so many at once. */
const KNOWN_MAX = 20_000
const FORGOTTEN_AT_ONCE = 1000
const UNSAVED_MAX = 1000
/** A guest who does not come back for so long is not coming. */
const GUEST_KEPT_MS = 400 * 24 * 3600_000

/**
 * Who blocks or mutes whom, by person: by account, else by what the guest's browser keeps. A block parts both ways, a mute
 * spares one the other's lines; another name and another rider change neither. [A52]
 */
export class Blocks {
  readonly #options: BlocksOptions
  readonly #known = new Map<string, Known>()
  #unsaved: (readonly Avoided[])[] = []

  constructor(options: BlocksOptions) {
    this.#options = options
  }

  /** A rider is on a road. What they avoid holds as soon as the store has said it. */
  come(uuid: string, guestKey: string = personKeys.rider(uuid)): void {
    const before = this.#known.get(uuid)
    this.#known.delete(uuid)
    const known = before ?? {
      guestKey,
      accountId: undefined,
      avoids: new Map(),
      marks: [],
      isLoaded: false,
      learned: 0,
    }
    this.#known.set(uuid, known)
    if (this.#known.size > KNOWN_MAX) this.#forgetSome(uuid)
    if (!known.isLoaded) this.#load(uuid, known).catch(this.#options.onError)
  }

  get size(): number {
    return this.#known.size
  }

  /** Not those who ride: somebody who is blocked could send newcomers until nobody knows it any more. [A68] */
  #forgetSome(comer: string): void {
    const here = this.#options.here()
    const gone = [...this.#known.keys()].filter((uuid) => uuid !== comer && !here.has(uuid))
    for (const uuid of gone.slice(0, FORGOTTEN_AT_ONCE)) this.#known.delete(uuid)
  }

  /** These riders are an account's from now on. */
  async claimed(uuids: readonly string[]): Promise<void> {
    for (const uuid of uuids) {
      const known = this.#known.get(uuid)
      if (known !== undefined) await this.#load(uuid, known)
    }
  }

  /** Neither hears of the other. */
  areParted(one: string | undefined, other: string | undefined): boolean {
    return this.#avoids(one, other, 'block') || this.#avoids(other, one, 'block')
  }

  /** This person has blocked who comes with this key, and is not a rider yet. */
  isKeyBlocked(uuid: string | undefined, key: string): boolean {
    return uuid !== undefined && this.#known.get(uuid)?.avoids.get(key)?.has('block') === true
  }

  /** What `speaker` says is for `listener`. */
  hears(listener: string | undefined, speaker: string | undefined): boolean {
    return !this.areParted(listener, speaker) && !this.#avoids(listener, speaker, 'mute')
  }

  #avoids(uuid: string | undefined, about: string | undefined, kind: AvoidKind): boolean {
    const known = uuid === undefined ? undefined : this.#known.get(uuid)
    if (known === undefined || about === undefined || known.avoids.size === 0) return false
    for (const key of this.#keysOf(about)) if (known.avoids.get(key)?.has(kind) === true) return true
    return false
  }

  #keysOf(uuid: string): readonly string[] {
    const known = this.#known.get(uuid)
    if (known === undefined) return [personKeys.rider(uuid)]
    const { guestKey, accountId } = known
    return accountId === undefined ? [guestKey] : [personKeys.account(accountId), guestKey]
  }

  /** The key in whose name somebody reports or avoids: the account's before the guest's. */
  keyOf(uuid: string): string {
    return this.#keysOf(uuid)[0]!
  }

  marksOf(uuid: string): readonly Mark[] {
    return this.#known.get(uuid)?.marks ?? []
  }

  /** This person avoids that rider so. */
  isMarked(uuid: string, about: string, kind: AvoidKind): boolean {
    return this.#avoids(uuid, about, kind)
  }

  /** A notice when it is not taken. Holds at once; the store keeps it. */
  async avoid(uuid: string, about: { uuid: string; name: string }, kind: AvoidKind): Promise<Notice | undefined> {
    const known = this.#known.get(uuid)
    const keys = this.#keysOf(about.uuid).filter((key) => !this.#keysOf(uuid).includes(key))
    if (known === undefined || keys.length === 0) return notice('yourself')
    if (this.#avoids(uuid, about.uuid, kind)) return undefined
    if (known.marks.length >= MARKS_MAX) return notice('avoid-full')
    const markId = this.#options.newId()
    const rows = keys.map((aboutKey) => ({ byKey: this.keyOf(uuid), aboutKey, kind, markId, name: about.name }))
    const mine = this.#keysOf(uuid)
    // One person may be on several roads.
    for (const [each, other] of this.#known)
      if (this.#keysOf(each).some((key) => mine.includes(key))) learn(other, rows)
    await this.#keep(rows)
    return undefined
  }

  async hearAgain(uuid: string, markId: string): Promise<void> {
    const known = this.#known.get(uuid)
    if (known === undefined || !known.marks.some(({ id }) => id === markId)) return
    this.#unsaved = this.#unsaved.filter((rows) => rows[0]?.markId !== markId)
    const mine = this.#keysOf(uuid)
    await this.#options.store()?.hearAgain(mine, markId)
    for (const [each, other] of this.#known)
      if (this.#keysOf(each).some((key) => mine.includes(key))) await this.#load(each, other)
  }

  /** Takes back what this person has about that rider. */
  async hearRiderAgain(uuid: string, about: string, kind: AvoidKind): Promise<void> {
    const keys = this.#keysOf(about)
    const rows = (await this.#options.store()?.avoidedBy(this.#keysOf(uuid))) ?? []
    const marks = rows.filter((row) => row.kind === kind && keys.includes(row.aboutKey)).map(({ markId }) => markId)
    for (const markId of new Set(marks)) await this.hearAgain(uuid, markId)
  }

  /** Once more, what the store did not take or did not say. */
  async again(): Promise<void> {
    const unsaved = this.#unsaved
    this.#unsaved = []
    for (const rows of unsaved) await this.#keep(rows)
    for (const [uuid, known] of this.#known) if (!known.isLoaded) await this.#load(uuid, known)
  }

  async sweep(): Promise<void> {
    await this.#options.store()?.dropAvoided(this.#options.clock.wallMs() - GUEST_KEPT_MS)
  }

  async #keep(rows: readonly Avoided[]): Promise<void> {
    try {
      const store = this.#options.store()
      const isFull = (await store!.countAvoided()) >= KEPT_MAX
      if (!isFull || rows[0]!.byKey === this.#accountKeyOf(rows[0]!.byKey)) await store!.avoid(rows)
    } catch (error) {
      this.#unsaved = [...this.#unsaved, rows].slice(-UNSAVED_MAX)
      this.#options.onError(error)
    }
  }

  #accountKeyOf(key: string): string | undefined {
    return key.startsWith(personKeys.account('')) ? key : undefined
  }

  async #load(uuid: string, known: Known): Promise<void> {
    const store = this.#options.store()
    if (store === undefined) return
    let keys: readonly string[]
    let rows: readonly Avoided[]
    let learned: number
    do {
      learned = known.learned
      known.accountId = (await this.#options.accountsOf([uuid])).get(uuid)
      keys = this.#keysOf(uuid)
      rows = await store.avoidedBy(keys)
    } while (learned !== known.learned)
    known.avoids = new Map()
    known.marks = []
    learn(known, rows)
    // What the store has not taken yet holds as well.
    for (const waiting of this.#unsaved) if (keys.includes(waiting[0]!.byKey)) learn(known, waiting)
    known.isLoaded = true
    if (rows.length > 0) await store.touchAvoided(keys, this.#options.clock.wallMs())
  }
}

function learn(known: Known, rows: readonly Avoided[]): void {
  const avoids = new Map(known.avoids)
  const marks = new Map(known.marks.map((mark) => [mark.id, mark]))
  for (const { aboutKey, kind, markId, name } of rows) {
    avoids.set(aboutKey, new Set([...(avoids.get(aboutKey) ?? []), kind]))
    marks.set(markId, { id: markId, name, kind })
  }
  known.learned++
  known.avoids = avoids
  known.marks = [...marks.values()]
}
