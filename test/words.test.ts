import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LEGS_WORDS } from '#bridges/core/legs-words'
import { LINE_ENGLISH } from '#client/net/line-english'
import { VERDICT_ENGLISH } from '#client/net/verdict-english'
import { de as errors } from '#client/words/errors.de'
import { de as line } from '#client/words/line.de'
import { de as notices } from '#client/words/notices.de'
import { de as sensors } from '#client/words/sensors.de'
import { de as verdict } from '#client/words/verdict.de'
import { NOTICE_TEXTS } from '#protocol/notices'
import { ERROR_REASONS } from '#server/errors'

/** Every text of a table of words, by its path; functions are asked with a number, which all of them take. */
function texts(words: unknown, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  const value: unknown = typeof words === 'function' ? (words as (...facts: unknown[]) => unknown)(2, 2, 3, 4) : words
  if (typeof value === 'string') found.set(path, value)
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      for (const [at, text] of texts(inner, `${path}/${key}`)) found.set(at, text)
  return found
}

/** The same paths, and no text of one that is the other's. */
function expectBoth(english: unknown, german: unknown, { same = [] as readonly string[] } = {}): void {
  const [ours, theirs] = [texts(english), texts(german)]
  expect([...theirs.keys()].filter((path) => !path.startsWith('/brings/')).toSorted()).toEqual(
    [...ours.keys()].toSorted(),
  )
  const untold = [...ours].filter(([path, text]) => theirs.get(path) === text && !same.includes(path))
  expect(untold).toEqual([])
  for (const text of theirs.values()) expect(text).not.toMatch(/undefined|NaN/)
}

test('[U104] each notice of a room has words in English and in German', () => {
  expectBoth(NOTICE_TEXTS, notices)
  expect(Object.keys(NOTICE_TEXTS).length).toBeGreaterThan(10)
})

test('[U105] whose fault a stutter is, how the line stands and what trainer and calibration say, in English and in German', () => {
  expectBoth(VERDICT_ENGLISH, verdict)
  expectBoth(LINE_ENGLISH, line)
  expectBoth(LEGS_WORDS, sensors.legs)
  expect(texts(VERDICT_ENGLISH).size).toBeGreaterThan(35)
})

test('[U106] each code with which a door refuses, and each reason, has German words', () => {
  // The codes are a type: read where it is written.
  const [union] = /export type ErrorCode =[^/]*/.exec(readFileSync('server/errors.ts', 'utf8'))!
  const codes = [...union.matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code!)
  expect(codes.length).toBeGreaterThan(15)
  const known = new Map(errors.codes)
  expect([...codes, ...ERROR_REASONS].filter((code) => !known.has(code))).toEqual([])
  for (const sentence of known.values()) expect(sentence).toMatch(/[.!?]$/)
})
