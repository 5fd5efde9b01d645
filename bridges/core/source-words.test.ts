import { expect, test } from 'vitest'
import { sourceSentence } from './source-words.ts'

test.each([
  [{ fromId: undefined, toId: 't', why: 'first' }, 'power: from T'],
  [{ fromId: 'm', toId: 't', why: 'silent' }, 'power: from T; M is silent'],
  [{ fromId: 't', toId: 'm', why: 'better' }, 'power: from M, which is better than T'],
  [{ fromId: 't', toId: 'm', why: 'chosen' }, 'power: from M, as you chose'],
  [{ fromId: 't', toId: undefined, why: 'silent' }, 'power: nobody gives it; T is silent'],
] as const)('[B100] a rider reads why another device gives: %o', (change, sentence) => {
  expect(sourceSentence({ quantity: 'powerW', ...change }, (id) => id.toUpperCase())).toBe(sentence)
})
