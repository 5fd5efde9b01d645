// runs once, at joining: its numbers are journalled, so it may use Math.pow. Nothing that World.step reaches imports it.

/** Bike 7.8 kg, bottles and kit 1.7 kg: an ordinary race bicycle. */
export const BIKE_AND_KIT_KG = 9.5

/** Frontal area and drag coefficient by posture: a·H^.725·M^.425 + b, m² (Bassett et al. 1999, from Du Bois' surface). */
const POSTURES = {
  drops: { bodyShare: 0.0276, bikeM2: 0.1647, dragCoefficient: 0.88 },
  aero: { bodyShare: 0.0293, bikeM2: 0.0604, dragCoefficient: 0.7 },
} as const
export type Posture = keyof typeof POSTURES

/** What the world needs to know of a body: mass with bike and kit, and drag area. */
export function shapeRider(
  body: { readonly massKg: number; readonly heightM: number },
  posture: Posture = 'drops',
): { massKg: number; cdaM2: number } {
  const { bodyShare, bikeM2, dragCoefficient } = POSTURES[posture]
  const frontalM2 = bodyShare * Math.pow(body.heightM, 0.725) * Math.pow(body.massKg, 0.425) + bikeM2
  return { massKg: body.massKg + BIKE_AND_KIT_KG, cdaM2: frontalM2 * dragCoefficient }
}
