import { expect, test } from 'vitest'
import { de } from '../../words/rides.de.ts'
import { en } from '../../words/rides.en.ts'
import { BIKES, KIT_PATTERNS } from '../../world/rider-look.ts'
import { isLook } from '../own-memory.ts'
import { anyLook, COLOURS, DEFAULT_LOOK, kitCode, kitOfCode, SKINS } from './kit.ts'

test('[A44] a club’s kit is seven letters, the same on every server; a slip of one letter is no kit', () => {
  let wrong = 0
  let tried = 0
  for (let i = 0; i < 200; i++) {
    let seed = i * 7919 + 1
    const look = anyLook(() => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32, DEFAULT_LOOK)
    expect(isLook(look)).toBe(true)
    const code = kitCode(look)
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{7}$/)
    const { jersey, accent, shorts, helmet, pattern } = look
    expect(kitOfCode(code)).toEqual({ jersey, accent, shorts, helmet, pattern })
    expect(kitOfCode(` ${code.slice(0, 3)}-${code.slice(3).toLowerCase()}`)).toEqual(kitOfCode(code))
    for (let at = 0; at < 7; at++) {
      tried++
      const letter = code[at] === '2' ? '3' : '2'
      if (kitOfCode(code.slice(0, at) + letter + code.slice(at + 1)) !== undefined) wrong++
    }
  }
  expect(tried).toBe(1400)
  expect(wrong).toBe(0)
  for (const none of ['', 'AAAAAAA', 'ÄÖÜ2345', '22222222', '0000000']) expect(kitOfCode(none)).toBeUndefined()
})

test('[A43] every colour, skin, pattern and bike has a name in both languages', () => {
  for (const words of [en, de]) {
    expect(words.colours).toHaveLength(COLOURS.length)
    expect(new Set(words.colours).size).toBe(COLOURS.length)
    expect(words.skins).toHaveLength(SKINS.length)
    expect(words.patterns).toHaveLength(KIT_PATTERNS.length)
    expect(words.bikes).toHaveLength(BIKES.length)
  }
})
