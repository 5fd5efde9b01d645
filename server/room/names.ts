import { NAME_LENGTH_MAX } from '#protocol/limits'

/** Control and format characters: among them every bidi override, zero-width and tag character, and half surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Variation_Selector}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu
/** Marks pile up over other riders' names; two are enough for every living orthography. */
const PILED_MARKS = /(\p{M}{2})\p{M}+/gu

/** A name as others may be shown it: composed (NFC), one line, nothing unseen, at most NAME_LENGTH_MAX code points. */
export function cleanName(given: string): string {
  return cleanLine(given, NAME_LENGTH_MAX) || 'Rider'
}

/** The same for any line of a person's text; may come out empty. */
export function cleanLine(given: string, lengthMax: number): string {
  const line = given.replace(/\s+/gu, ' ').replace(UNSEEN, '').normalize('NFC').replace(PILED_MARKS, '$1').trim()
  return [...line].slice(0, lengthMax).join('').trim()
}
