import { inLanguage } from './language.ts'
import { en } from './net.en.ts'

/** The connection's own page; whose fault a stutter is has words of its own (verdict.ts). */
export const netWords = await inLanguage(en, { de: async () => (await import('./net.de.ts')).de })
