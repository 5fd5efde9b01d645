import { en } from './picture.en.ts'
import { inLanguage } from './language.ts'

/** How fine the picture is drawn. */
export const pictureWords = await inLanguage(en, { de: async () => (await import('./picture.de.ts')).de })
