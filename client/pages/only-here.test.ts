import { expect, test } from 'vitest'
import { isOnlyHere } from './only-here.ts'

test('[U109] an address that leads every machine to itself is told from one that others can open', () => {
  const only = ['localhost', 'club.localhost', '127.0.0.1', '127.8.0.200', '[::1]']
  const shared = ['192.168.1.20', '10.0.0.127', 'localhost.example', 'mylocalhost', 'gruppetto.local', '[fd00::2]', '']
  expect(only.filter(isOnlyHere)).toEqual(only)
  expect(shared.filter(isOnlyHere)).toEqual([])
})
