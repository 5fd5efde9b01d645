import { z } from 'zod'

/** What a rider tells of themselves; for nobody else's eyes but the name. Same bounds as the seat's door. */
export const profileBody = z.strictObject({
  massKg: z.number().min(30).max(200),
  heightM: z.number().min(1).max(2.5),
  /** Power one holds for an hour, W; null: not known. */
  ftpW: z.int().min(50).max(600).nullable(),
  maxHeartRateBpm: z.int().min(100).max(230).nullable(),
  units: z.enum(['metric', 'imperial']).nullable(),
  /** Friends may see on which road one rides. */
  isSeenByFriends: z.boolean(),
  /** Rides begin with a link that opens for anybody. */
  areRidesPublic: z.boolean(),
})
export type Profile = z.infer<typeof profileBody>

export const PROFILE_DEFAULT: Profile = {
  massKg: 75,
  heightM: 1.78,
  ftpW: null,
  maxHeartRateBpm: null,
  units: null,
  isSeenByFriends: true,
  areRidesPublic: false,
}

/** A profile that was kept as text: what is missing or wrong is the default. */
export function profileOf(text: string): Profile {
  try {
    const given: unknown = JSON.parse(text)
    const known = profileBody.partial().safeParse(given)
    return known.success ? { ...PROFILE_DEFAULT, ...definedOf(known.data) } : PROFILE_DEFAULT
  } catch {
    return PROFILE_DEFAULT // Not JSON.
  }
}

function definedOf(part: object): Partial<Profile> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))
}
