import { z } from 'zod'

/** How a rider looks, as `client/world/rider-look.ts` has it: checked here, for everybody in a room is told of it. */
const colour = z.int().min(0).max(0xffffff)

export const lookBody = z.strictObject({
  jersey: colour,
  accent: colour,
  shorts: colour,
  helmet: colour,
  frame: colour,
  skin: colour,
  /** Index into KIT_PATTERNS and BIKES. */
  pattern: z.int().min(0).max(7),
  bike: z.int().min(0).max(2),
  /** 0: none. */
  number: z.int().min(0).max(9999),
})
export type RiderLook = z.infer<typeof lookBody>

/** A look that was kept as text; undefined where it is none (any more). */
export function lookOf(text: string | null | undefined): RiderLook | undefined {
  if (text === null || text === undefined) return undefined
  try {
    return lookBody.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // Not JSON: as if nothing had been chosen.
  }
}
