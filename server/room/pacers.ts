/** Riders by script that the house puts on the road, all different, none a machine. */

/** Names after winds: nobody mistakes one for a rider who could be offended. */
export const BOT_NAMES = [
  'Mistral',
  'Bora',
  'Levante',
  'Föhn',
  'Tramontane',
  'Sirocco',
  'Zephyr',
  'Ostro',
  'Gregale',
  'Ponente',
  'Libeccio',
  'Chinook',
  'Pampero',
  'Zonda',
  'Harmattan',
  'Shamal',
  'Khamsin',
  'Meltemi',
  'Bise',
  'Autan',
]

export interface BotBody {
  readonly massKg: number
  readonly heightM: number
  readonly wattsPerKg: number
}

/** From an easy ride to a hard one, and bodies that do not repeat for a while. */
export function botBody(index: number): BotBody {
  return {
    massKg: 58 + ((index * 7) % 27),
    heightM: 1.62 + ((index * 5) % 29) / 100,
    wattsPerKg: 2.2 + ((index * 13) % 20) / 10,
  }
}

/** The pacers of the permanent road: one for a chat, one for a workout, one that hurts; then all over again. */
const PACER_WATTS_PER_KG = [1.8, 2.5, 3.2]

export function pacer(index: number): BotBody & { readonly name: string } {
  const wattsPerKg = PACER_WATTS_PER_KG[index % PACER_WATTS_PER_KG.length]!
  return { ...botBody(index), wattsPerKg, name: `${BOT_NAMES[index % BOT_NAMES.length]!} ${wattsPerKg.toFixed(1)}` }
}
