import { en } from './handlebar.en.ts'
import { inLanguage } from './language.ts'

/** Buttons at the handlebar, in the sheet that gives them something to do. */
export const handlebarWords = await inLanguage(en, { de: async () => (await import('./handlebar.de.ts')).de })
