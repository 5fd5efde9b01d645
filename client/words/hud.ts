import { en } from './hud.en.ts'
import { inLanguage } from './language.ts'

/** Words of the instruments over the road. */
export const hud = await inLanguage(en, { de: async () => (await import('./hud.de.ts')).de })
