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
  const known = errorWords.codes.find(([name]) => name === reason) ?? errorWords.codes.find(([name]) => name === code)
  if (known === undefined) return message
  return code === 'ERR_TRACK_INVALID' ? withPlace(known[1], message) : known[1]
}

/** Where in a dropped file it is, as the server's sentence has it: "line 4071". */
function withPlace(sentence: string, message = ''): string {
  const [, kind, number] = /\b(line|byte|point) (\d+)/.exec(message) ?? []
  if (kind === undefined) return sentence
  return sentence.replace(/[.!?]$/, ` (${errorWords.places[kind as 'line' | 'byte' | 'point']} ${number})$&`)
}
