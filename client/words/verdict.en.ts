import { VERDICT_ENGLISH } from '../net/verdict-english.ts'

/** As `gruppetto watch` says it. */
export const en = VERDICT_ENGLISH
