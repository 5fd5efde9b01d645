import { expect, test } from 'vitest'
import { findBrowser, openWindow, placesOf, profileOf, type Machine } from './window.ts'

const machine = (platform: string, env: Record<string, string>, there: readonly string[]): Machine => ({
  ...{ platform, env, home: '/homes/ada' },
  isThere: (path) => there.includes(path),
})

test('[B121] a window is looked for where each system keeps its browsers, Chrome before the others', () => {
  const linux = machine('linux', { PATH: '/usr/local/bin:/usr/bin' }, ['/usr/bin/chromium', '/usr/bin/microsoft-edge'])
  expect(findBrowser(linux)).toBe('/usr/bin/chromium')
  const mac = machine('darwin', {}, ['/homes/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'])
  expect(findBrowser(mac)).toContain('Microsoft Edge')
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
  const env = { ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }
  expect(findBrowser(machine('win32', env, [edge]))).toBe(edge)
  expect(placesOf(machine('win32', env, []))).not.toContain('undefined')
  expect(findBrowser(machine('linux', {}, []))).toBeUndefined()
})

test('[B121] a browser that does not come up says so, one that is closed does not', async () => {
  const flags: readonly string[] = []
  const missing = openWindow({ browser: '/nowhere/chrome', address: 'http://127.0.0.1:1', profile: '/nowhere', flags })
  expect(await missing.ended).toMatch(/^\/nowhere\/chrome cannot be run/)
  // A program that does not know these words, and one that takes them and ends well.
  const failing = openWindow({ browser: '/bin/false', address: 'http://127.0.0.1:1', profile: '/nowhere', flags })
  expect(await failing.ended).toBe('/bin/false ended with 1')
  const closed = openWindow({ browser: '/bin/true', address: 'http://127.0.0.1:1', profile: '/nowhere', flags })
  expect(await closed.ended).toBeUndefined()
})

test('[B141] each server has a profile of its own, whose name is a folder on every system', () => {
  const servers = ['http://club.example', 'https://club.example', 'http://club.example:81', 'http://[::1]:8214']
  const names = servers.map((server) => profileOf(new URL(server)))
  expect(new Set(names).size).toBe(servers.length)
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
})
