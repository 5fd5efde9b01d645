import { createHash } from 'node:crypto'
import type { Crossing, Decision, Result } from '#server/event/model'
import type { EventPhase } from '../http/shapes.ts'
import type { RiderLook } from '../room/looks.ts'
import type { PeopleStore } from './people.ts'
import type { RetentionStore } from './retention.ts'
import type { SafetyStore } from './safety.ts'

/** What outlives a run of the server. One SQL dialect behind it, PostgreSQL; the suite in test/contract holds every kind to it. */
export interface Store {
  /** For the log: whose database this is. */
  readonly kind: 'postgres' | 'embedded' | 'pglite'

  setting(key: string): Promise<string | undefined>
  /** False when somebody was first; the value there is kept. */
  putSettingOnce(key: string, value: string): Promise<boolean>
  putSetting(key: string, value: string): Promise<void>

  saveRider(rider: StoredRider): Promise<void>
  riderBySecret(secretHash: string): Promise<StoredRider | undefined>

  createEvent(event: NewEvent): Promise<StoredEvent>
  event(eventId: string): Promise<StoredEvent | undefined>
  /** Newest first. */
  events(limit: number): Promise<readonly StoredEvent[]>
  setEventPhase(eventId: string, phase: EventPhase): Promise<void>

  /** Gives the next free bib. The same rider enters once: then the entry that is there comes back. */
  createEntry(entry: NewEntry): Promise<StoredEntry>
  /** By bib. */
  entries(eventId: string): Promise<readonly StoredEntry[]>

  createRun(run: StoredRun): Promise<void>
  endRun(runId: string, end: RunEnd): Promise<void>
  /** The newest of the event. */
  runOf(eventId: string): Promise<(StoredRun & Partial<RunEnd>) | undefined>

  /** Crossings are facts: one that is known already is left as it is. */
  addCrossings(runId: string, crossings: readonly Crossing[]): Promise<void>
  /** In the order they happened. */
  crossings(runId: string): Promise<readonly Crossing[]>
  /** Append-only: a decision whose id is taken is refused. */
  addDecision(runId: string, decision: Decision, decidedAtMs: number): Promise<void>
  decisions(runId: string): Promise<readonly Decision[]>

  /** A new revision beside the old ones, never over them. */
  addResults(runId: string, rows: readonly Result[]): Promise<number>
  /** The newest revision; none: 0 and no rows. */
  results(runId: string): Promise<{ readonly revision: number; readonly rows: readonly Result[] }>

  /** Accounts, and rides. */
  readonly people: PeopleStore
  /** Reports, blocks and mutes. */
  readonly safety: SafetyStore
  /** What nobody's account keeps goes after a while. */
  readonly retention: RetentionStore

  createMeet(meet: StoredMeet): Promise<void>
  /** Those that are not over, the soonest first. */
  openMeets(limit: number): Promise<readonly StoredMeet[]>
  endMeet(id: string, endedAtMs: number): Promise<void>

  close(): Promise<void>
}

export interface StoredRider {
  /** UUID; a rider's number in a room is another thing. */
  readonly id: string
  readonly name: string
  readonly massKg: number
  readonly heightM: number
  /** SHA-256 of the resume secret, hex: the secret itself is the rider's alone. */
  readonly secretHash: string
  /** What was chosen in the garage. */
  readonly look?: RiderLook | undefined
  /** Who this guest is from one ride to the next (room/persons.ts). */
  readonly guestKey?: string | undefined
}

export interface NewEvent {
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  /** Route of the map; '': its first. */
  readonly routeId: string
  readonly laps: number
  readonly startsAtMs: number | null
  readonly bots: number
}
export interface StoredEvent extends NewEvent {
  readonly id: string
  readonly phase: EventPhase
}

/** A meet-up; docs/meet.md. */
export interface StoredMeet {
  /** In its link: nobody guesses it. */
  readonly id: string
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  readonly routeId: string
  readonly laps: number
  readonly startsAtMs: number
  /** W/kg; null: whatever the legs give. */
  readonly paceWkg: { readonly low: number; readonly high: number } | null
  readonly isTogether: boolean
  /** Shown to everybody; else to who has the link. */
  readonly isListed: boolean
  /** Name of who made it. */
  readonly madeBy: string
  /** SHA-256 of the key that calls it off, hex. */
  readonly keyHash: string
}

export interface NewEntry {
  readonly eventId: string
  /** UUID of the rider; null for a bot. */
  readonly riderUuid: string | null
  readonly name: string
  readonly massKg: number
  readonly heightM: number
  readonly isBot: boolean
}
export interface StoredEntry extends NewEntry {
  readonly id: string
  readonly bib: number
}

export interface StoredRun {
  readonly id: string
  readonly eventId: string
  readonly roomId: string
  readonly seed: number
  readonly physicsVersion: string
  readonly mapHash: string
  /** File name inside the data folder's `journals`. */
  readonly journal: string
  readonly startedAtMs: number
  /** The gun: tick of the room. */
  readonly startTick: number
}
export interface RunEnd {
  readonly endedAtMs: number
  readonly endTick: number
  readonly stateHash: string
}

/** 256 random bits need no salt: nobody tries them all. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
