import type { RiderId } from '#protocol/ids'
import { RACE_ENTRIES_MAX } from '#protocol/limits'
import type { Crossing, Decision, DecisionAction, Entry, RaceRules, Result, Run } from './model.ts'
import { results } from './results.ts'

/** What every state of an event carries. */
interface Papers {
  readonly eventId: string
  readonly title: string
  readonly rules: RaceRules
  readonly entries: readonly Entry[]
  readonly decisions: readonly Decision[]
}

/** An organiser's event, from the plan to the provisional result. Each state carries only its own fields. */
export type RaceEvent = Papers &
  (
    | { readonly state: 'draft' }
    | { readonly state: 'open' }
    | { readonly state: 'countdown'; readonly runId: string; readonly startTick: number }
    | { readonly state: 'racing'; readonly runId: string; readonly startTick: number }
    | {
        readonly state: 'finished'
        readonly runId: string
        readonly startTick: number
        readonly crossings: readonly Crossing[]
      }
    | {
        readonly state: 'provisional'
        readonly runId: string
        readonly startTick: number
        readonly crossings: readonly Crossing[]
        readonly results: readonly Result[]
      }
  )

export type EventAction =
  | { readonly kind: 'open' }
  | { readonly kind: 'enter'; readonly riderId: RiderId; readonly name: string; readonly isBot: boolean }
  | { readonly kind: 'withdraw'; readonly riderId: RiderId }
  | { readonly kind: 'count-down'; readonly runId: string; readonly startTick: number }
  | { readonly kind: 'call-off' }
  | { readonly kind: 'start' }
  | { readonly kind: 'finish'; readonly crossings: readonly Crossing[] }
  | { readonly kind: 'publish' }
  | {
      readonly kind: 'decide'
      readonly riderId: RiderId
      readonly action: DecisionAction
      readonly reason: string
      readonly by: string
    }

export type Advanced = { readonly ok: true; readonly event: RaceEvent } | { readonly ok: false; readonly error: string }

export function draftEvent(plan: { eventId: string; title: string; rules: RaceRules }): RaceEvent {
  return { state: 'draft', ...plan, entries: [], decisions: [] }
}

/** The arrows: which action is possible in which state, and where it leads. Anything else is refused in a sentence. */
export function advance(event: RaceEvent, action: EventAction): Advanced {
  const papers = papersOf(event)
  switch (action.kind) {
    case 'open':
      return event.state === 'draft' ? moved({ ...papers, state: 'open' }) : refused(event, 'be opened')
    case 'enter':
      return event.state === 'open' ? enter(event, action) : refused(event, 'take entries')
    case 'withdraw':
      if (event.state !== 'open' && event.state !== 'countdown') return refused(event, 'be left')
      return moved({ ...event, entries: event.entries.filter((entry) => entry.riderId !== action.riderId) })
    case 'count-down':
      if (event.state !== 'open') return refused(event, 'count down')
      if (event.entries.length === 0) return { ok: false, error: 'Nobody has entered; a race needs a rider.' }
      return moved({ ...papers, state: 'countdown', runId: action.runId, startTick: action.startTick })
    case 'call-off':
      if (event.state !== 'countdown' && event.state !== 'racing') return refused(event, 'be called off')
      return moved({ ...papers, state: 'open' })
    case 'start':
      if (event.state !== 'countdown') return refused(event, 'start')
      return moved({ ...papers, state: 'racing', runId: event.runId, startTick: event.startTick })
    case 'finish':
      if (event.state !== 'racing') return refused(event, 'finish')
      return moved({
        ...papers,
        state: 'finished',
        runId: event.runId,
        startTick: event.startTick,
        crossings: action.crossings,
      })
    case 'publish':
      return event.state === 'finished' ? moved(provisional(event)) : refused(event, 'publish a result')
    case 'decide':
      break
  }
  return decide(event, action)
}

export function runOf(event: RaceEvent, runId: string): Run {
  return { runId, eventId: event.eventId, rules: event.rules, entries: event.entries }
}

function enter(event: RaceEvent & { state: 'open' }, action: EventAction & { kind: 'enter' }): Advanced {
  const { riderId, name, isBot } = action
  if (event.entries.some((entry) => entry.riderId === riderId)) {
    return { ok: false, error: `${name} has entered already.` }
  }
  if (event.entries.length >= RACE_ENTRIES_MAX)
    return { ok: false, error: `The race is full: ${RACE_ENTRIES_MAX} riders.` }
  const bib = event.entries.reduce((most, entry) => Math.max(most, entry.bib), 0) + 1
  return moved({ ...event, entries: [...event.entries, { riderId, bib, name, isBot }] })
}

/** Decisions are appended and never changed; a published result is made anew with each. */
function decide(event: RaceEvent, action: EventAction & { kind: 'decide' }): Advanced {
  if (event.state === 'draft' || event.state === 'open') return refused(event, 'be judged')
  if (!event.entries.some((entry) => entry.riderId === action.riderId)) {
    return { ok: false, error: `Rider ${action.riderId} has not entered.` }
  }
  const { riderId, reason, by } = action
  const decision: Decision = { id: event.decisions.length + 1, riderId, action: action.action, reason, by }
  const decisions = [...event.decisions, decision]
  if (event.state === 'provisional') return moved(provisional({ ...event, state: 'finished', decisions }))
  return moved({ ...event, decisions })
}

function provisional(event: RaceEvent & { state: 'finished' }): RaceEvent {
  const { runId, startTick, crossings, decisions } = event
  const table = results({ run: runOf(event, runId), startTick, crossings, decisions })
  return { ...papersOf(event), state: 'provisional', runId, startTick, crossings, results: table }
}

function papersOf({ eventId, title, rules, entries, decisions }: RaceEvent): Papers {
  return { eventId, title, rules, entries, decisions }
}

const moved = (event: RaceEvent): Advanced => ({ ok: true, event })
const refused = (event: RaceEvent, wish: string): Advanced => ({
  ok: false,
  error: `An event that is ${event.state} cannot ${wish}.`,
})
