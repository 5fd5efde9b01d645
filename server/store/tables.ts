import type { Generated } from 'kysely'
import type { DecisionAction, ResultStatus } from '#server/event/model'
import type { EventPhase } from '../http/shapes.ts'

/** The columns of migrations/, as Kysely checks them. Times are `timestamptz`. */
export interface Tables {
  settings: { key: string; value: string }
  rider: {
    id: string
    name: string
    mass_kg: number
    height_m: number
    secret_hash: string
    account_id: Generated<string | null>
    /** JSON, as `room/looks.ts` checks it. */
    look: Generated<string | null>
    guest_key: Generated<string | null>
    created_at: Generated<Date>
  }
  account: {
    id: Generated<string>
    name: string
    name_key: string
    phrase: string
    /** JSON, as `account/profile.ts` checks it. */
    profile: string
    look: Generated<string | null>
    created_at: Generated<Date>
  }
  account_session: { token_hash: string; account_id: string; seen_at: Date }
  recovery_code: { account_id: string; code_hash: string }
  friend: { account_id: string; friend_id: string }
  activity: {
    id: string
    rider_id: string
    started_at: Date
    /** JSON. */
    head: string
    summary: string
    /** `activity/ride-text.ts`, packed. */
    ride: Buffer
    is_public: Generated<boolean>
    /** JSON: file names in `journals/`. */
    journals: Generated<string | null>
  }
  report: {
    id: string
    made_at: Date
    by_key: string
    about_key: string
    about_name: string
    /** JSON. */
    report: string
    settled_at: Date | null
  }
  avoided: {
    by_key: string
    about_key: string
    kind: 'block' | 'mute'
    mark_id: string
    name: string
    made_at: Generated<Date>
    seen_at: Generated<Date>
  }
  event: {
    id: Generated<string>
    title: string
    map_id: string
    map_hash: string
    route_id: Generated<string>
    laps: number
    starts_at: Date | null
    bots: number
    phase: Generated<EventPhase>
    created_at: Generated<Date>
    /** Breaks ties of one instant. */
    ordinal: Generated<number>
  }
  meet: {
    id: string
    title: string
    map_id: string
    map_hash: string
    route_id: string
    laps: number
    starts_at: Date
    pace_low_wkg: number | null
    pace_high_wkg: number | null
    is_together: boolean
    is_listed: boolean
    made_by: string
    key_hash: string
    created_at: Generated<Date>
    ended_at: Date | null
  }
  entry: {
    id: Generated<string>
    event_id: string
    rider_id: string | null
    name: string
    mass_kg: number
    height_m: number
    is_bot: boolean
    bib: number
    created_at: Generated<Date>
  }
  run: {
    id: string
    event_id: string
    room_id: string
    seed: number
    physics_version: string
    map_hash: string
    journal: string
    started_at: Date
    start_tick: number
    ended_at: Date | null
    end_tick: number | null
    state_hash: string | null
  }
  crossing: { run_id: string; rider: number; line_id: string; lap: number; tick: number; fraction: number }
  decision: {
    run_id: string
    id: number
    rider: number
    kind: DecisionAction['kind']
    /** Of a time penalty. */
    penalty_ms: number | null
    /** The decision that a revert takes back. */
    reverts: number | null
    reason: string
    decided_by: string
    decided_at: Date
  }
  result: {
    run_id: string
    revision: number
    ordinal: number
    rider: number
    place: number | null
    status: ResultStatus
    bib: number
    name: string
    is_bot: boolean
    time_ms: number | null
    gap_ms: number | null
    penalty_ms: number
    laps: number
    /** JSON: a list of reasons. */
    notes: string
  }
}
