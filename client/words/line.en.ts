import { LINE_ENGLISH } from '../net/line-english.ts'

export const en = LINE_ENGLISH
