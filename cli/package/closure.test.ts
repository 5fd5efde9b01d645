import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closureOf, type LockRows } from './closure.ts'

const lock: LockRows = {
  'node_modules/a': { dependencies: { b: '1', '@s/c': '2' } },
  'node_modules/a/node_modules/b': { dependencies: { d: '1' } },
  'node_modules/b': {},
  'node_modules/@s/c': { optionalDependencies: { absent: '1', a: '1' } },
  'node_modules/d': {},
  'node_modules/unneeded': {},
}

test('[B124] the folder gets each package that a rider needs, the nearest of two versions, and nothing else', () => {
  expect(closureOf(lock, ['a'])).toEqual([
    ...['node_modules/@s/c', 'node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/d'],
  ])
})

test('[B124] of the lock of the house a rider gets no server, no page and no database', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: LockRows
  }
  const found = closureOf(packages, ['multicast-dns', 'ant-plus', '@stoprocent/noble'])
  expect(found).toContain('node_modules/dns-packet')
  expect(found).toContain('node_modules/usb')
  expect(found.filter((path) => /colyseus|fastify|vite|three|pglite|postgres/.test(path))).toEqual([])
})
