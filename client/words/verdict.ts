import { inLanguage } from './language.ts'
import { en } from './verdict.en.ts'

export const verdict = await inLanguage(en, { de: async () => (await import('./verdict.de.ts')).de })
