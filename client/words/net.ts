import { inLanguage } from './language.ts'
import { en } from './net.en.ts'

/** The connection's own page. What it says of whose fault a stutter is comes from client/net/verdict.ts, in English. */
export const netWords = await inLanguage(en, { de: async () => (await import('./net.de.ts')).de })
