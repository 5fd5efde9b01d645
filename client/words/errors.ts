import { en } from './errors.en.ts'
import { inLanguage, language } from './language.ts'

/** What the page says of a door that refused. */
export const errorWords = await inLanguage(en, { de: async () => (await import('./errors.de.ts')).de })

/** The server's own sentence says most, in English; in another language the code's sentence stands for it. */
export function sentenceFor(
  code: string | undefined,
  message: string | undefined,
  reason?: string,
): string | undefined {
  if (language() === 'en') return message
  if (code === 'ERR_TRACK_INVALID') return errorWords.badTrack(message ?? '')
  const known = errorWords.codes.find(([name]) => name === reason) ?? errorWords.codes.find(([name]) => name === code)
  return known?.[1] ?? message
}
