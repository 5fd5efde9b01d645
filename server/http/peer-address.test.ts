import { expect, test } from 'vitest'
import { isOwnMachine, peerAddress } from './peer-address.ts'

type Asking = Parameters<typeof peerAddress>[0]
const asking = (remoteAddress: string, headers: Record<string, string> = {}): Asking =>
  ({ socket: { remoteAddress, localAddress: '127.0.0.1' }, headers }) as unknown as Asking
const forwarded = (list: string) => ({ 'x-forwarded-for': list })

test('a proxy on this machine names whom it speaks for, last; anybody else who does so is not believed', () => {
  expect(peerAddress(asking('127.0.0.1', forwarded('6.6.6.6, 203.0.113.9')))).toBe('203.0.113.9')
  expect(peerAddress(asking('::ffff:127.0.0.1', forwarded('203.0.113.9')))).toBe('203.0.113.9')
  expect(peerAddress(asking('198.51.100.7', forwarded('203.0.113.9')))).toBe('198.51.100.7')
  for (const list of ['', 'unknown', '<b>', 'a'.repeat(99)])
    expect(peerAddress(asking('127.0.0.1', forwarded(list)))).toBe('127.0.0.1')
})

test('addresses of one IPv6 network are one peer', () => {
  const networks = ['2001:db8:1:2::9', '2001:db8:1:2:a:b:c:d', '2001:0db8:0001:0002::'].map((a) =>
    peerAddress(asking(a)),
  )
  expect(new Set(networks)).toEqual(new Set(['2001:db8:1:2::/64']))
  expect(peerAddress(asking('2001:db8:1:3::9'))).toBe('2001:db8:1:3::/64')
  expect(peerAddress(asking('::ffff:10.0.0.1'))).toBe('10.0.0.1')
})

test('numbers about the server are for its own machine, and not for whom a proxy there lets in', () => {
  expect(isOwnMachine(asking('127.0.0.1'))).toBe(true)
  expect(isOwnMachine(asking('127.0.0.1', forwarded('203.0.113.9')))).toBe(false)
  expect(isOwnMachine(asking('127.0.0.1', { forwarded: 'for=203.0.113.9' }))).toBe(false)
  expect(isOwnMachine(asking('192.168.1.4'))).toBe(false)
})
