import { expect, test } from 'vitest'
import { createHostCheck, createOriginCheck } from './origins.ts'

const isOurs = createHostCheck({ origins: ['https://club.example:8443'], names: ['Ride.example.org', '0.0.0.0'] })

test('a page that makes its own name lead here is told apart by the name, though Origin and Host agree', () => {
  expect(createOriginCheck([])('http://evil.example:8214', 'evil.example:8214')).toBe(true)
  for (const host of [
    'evil.example:8214',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a b',
    '',
  ])
    expect([host, isOurs(host)]).toEqual([host, false])
})

test('addresses, private names and the names of the settings are ours, in any case and with any port', () => {
  const ours = [
    '127.0.0.1:8214',
    '192.168.1.7',
    '[::1]:8214',
    'localhost:1',
    'LOCALHOST.',
    'pi.local',
    'server',
    'x.lan',
  ]
  for (const host of [...ours, 'club.example', 'CLUB.example:8443', 'ride.example.org:8214', undefined])
    expect([host, isOurs(host)]).toEqual([host, true])
})
