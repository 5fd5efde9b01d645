import { expect, test } from 'vitest'
import { common } from './common.ts'
import { inLanguage, language, LANGUAGES } from './language.ts'

test('[U1] Without a browser the pages speak English', () => {
  expect(language()).toBe('en')
  expect(common.riders(1)).toBe('1 rider')
  expect(common.riders(3)).toBe('3 riders')
})

test('[U1] a language that cannot be fetched leaves English standing', async () => {
  const words = await inLanguage({ text: 'hill' }, { de: async () => await Promise.reject(new Error('offline')) })
  expect(words.text).toBe('hill')
  expect(LANGUAGES[0]).toBe('en')
})
