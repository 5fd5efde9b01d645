/** What the pack does, each part to be left out on its own: experiments only. A world has all of it. */
export interface PackOptions {
  /** Wakes act on drag. */
  readonly isShelter: boolean
  /** Riders choose lines; else everybody keeps to the house's. */
  readonly isLineChoice: boolean
  /** Lines are chosen by the shelter they give: a wheel is held by moving in and out of its wake. */
  readonly isShelterSteered: boolean
  /** Riders look for a way past; else the wheel ahead is the only one there is. */
  readonly isPassing: boolean
  /** Riders occupy space. */
  readonly isContact: boolean
  /** Lines through bends: outside, inside, outside. */
  readonly isCornerLine: boolean
}

export const WHOLE_PACK: PackOptions = {
  isShelter: true,
  isLineChoice: true,
  isShelterSteered: true,
  isPassing: true,
  isContact: true,
  isCornerLine: true,
}
