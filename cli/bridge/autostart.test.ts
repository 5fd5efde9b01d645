import { expect, test } from 'vitest'
import { resolve } from 'node:path'
import { invocation } from '#test/support/invocation'
import type { Command } from '../command.ts'
import { autostartOf, autostartSystem } from './autostart.ts'
import { isOfNpmsCache, optionsGiven } from './start-with-computer.ts'

const WORDS = ['/opt/node', '/homes/ada/a folder/gruppetto.mjs', 'bridge', '--name', 'A "da" 100% $x <&>']

test('[B123] on Linux with systemd: a unit of the user, enabled by its link, that says goodbye by SIGINT', () => {
  const { file, link } = autostartOf({ system: 'systemd', home: '/homes/ada' }, WORDS)
  expect(file.path).toBe('/homes/ada/.config/systemd/user/gruppetto-bridge.service')
  expect(link).toBe('/homes/ada/.config/systemd/user/default.target.wants/gruppetto-bridge.service')
  const lines = file.text.split('\n')
  expect(lines).toContain(
    String.raw`ExecStart="/opt/node" "/homes/ada/a folder/gruppetto.mjs" "bridge" "--name" "A \"da\" 100%% $$x <&>"`,
  )
  expect(lines).toContain('KillSignal=SIGINT')
  expect(lines).toContain('WantedBy=default.target')
})

test('[B123] on Linux without it: an entry that the desktop starts', () => {
  const { file, link } = autostartOf({ system: 'xdg', home: '/homes/ada', configHome: '/cfg' }, WORDS)
  expect(file.path).toBe('/cfg/autostart/gruppetto-bridge.desktop')
  expect(link).toBeUndefined()
  expect(file.text.split('\n')).toContain(
    String.raw`Exec="/opt/node" "/homes/ada/a folder/gruppetto.mjs" "bridge" "--name" "A \\"da\\" 100%% \\$x <&>"`,
  )
})

test('[B123] on macOS: an agent that runs at login and again when it failed', () => {
  const { file } = autostartOf({ system: 'mac', home: '/homes/ada' }, WORDS)
  expect(file.path).toBe('/homes/ada/Library/LaunchAgents/org.gruppetto.bridge.plist')
  expect(file.text).toContain('<string>A "da" 100% $x &lt;&amp;&gt;</string>')
  expect(file.text).toContain('<key>RunAtLoad</key><true/>')
  const opened = [...file.text.matchAll(/<([a-z]+)>/g)].map(([, name]) => name)
  const closed = [...file.text.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name)
  const counted = (names: readonly (string | undefined)[]): object =>
    Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]))
  // `<plist version=…>` opens with an attribute.
  expect(counted([...opened, 'plist'])).toEqual(counted(closed))
})

test('[B123] on Windows: a file in the Startup folder', () => {
  const { file } = autostartOf({ system: 'windows', home: 'C:\\Users\\Ada' }, ['C:\\a b\\node.exe', 'x.mjs', '100%'])
  expect(file.path).toBe(
    'C:\\Users\\Ada\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\gruppetto-bridge.cmd',
  )
  expect(file.text).toBe(
    '@echo off\r\nchcp 65001 >nul\r\nstart "Gruppetto bridge" /min "C:\\a b\\node.exe" "x.mjs" "100%%"\r\n',
  )
})

test('[B123] each system has its way', () => {
  expect(['linux', 'darwin', 'win32', 'freebsd'].map((platform) => autostartSystem(platform, false))).toEqual([
    ...['xdg', 'mac', 'windows', 'xdg'],
  ])
  expect(autostartSystem('linux', true)).toBe('systemd')
})

test('[B123] no word of the command becomes a line of its own: ends of lines are words, or gone', () => {
  const words = ['/opt/node', 'x', '--name', 'Ada\nExecStartPre=/bin/evil\r\nExec=evil\u001b[2J', 'C:\\rides\\']
  const textOf = (system: 'systemd' | 'xdg' | 'mac' | 'windows'): string =>
    autostartOf({ system, home: '/homes/ada' }, words).file.text
  for (const system of ['systemd', 'xdg', 'windows'] as const) {
    const plain = autostartOf({ system, home: '/homes/ada' }, ['/opt/node']).file.text
    expect(textOf(system).split(/\r?\n/)).toHaveLength(plain.split(/\r?\n/).length)
    expect(textOf(system)).not.toMatch(/^(ExecStartPre|Exec)=.*evil$/m)
  }
  expect(textOf('systemd')).toContain(String.raw`"Ada\x0aExecStartPre=/bin/evil\x0d\x0aExec=evil\x1b[2J" "C:\\rides\\"`)
  expect(textOf('xdg')).toContain(String.raw`Ada\nExecStartPre=/bin/evil\r\nExec=evil`)
  expect(textOf('mac')).toContain('<string>Ada\nExecStartPre=/bin/evil\r\nExec=evil [2J</string>')
  // A backslash before the quote that ends a word would make a letter of it, and one word of two.
  expect(textOf('windows')).toContain(String.raw`"C:\rides\\"`)
})

test('[B150] what starts with the computer is the installed program and files by their whole path, for it starts elsewhere', () => {
  const options = [
    { name: 'workout', value: 'FILE', summary: '' },
    { name: 'name', value: 'NAME', summary: '' },
  ]
  const given = invocation([], { workout: 'easy.json', name: 'Ada' })
  expect(optionsGiven(given, { options } as unknown as Command)).toEqual([
    ...['--workout', resolve('easy.json'), '--name', 'Ada'],
  ])
  expect(isOfNpmsCache('/homes/ada/.npm/_npx/807f/node_modules/gruppetto/gruppetto.mjs')).toBe(true)
  expect(isOfNpmsCache('C:\\Users\\Ada\\AppData\\npm-cache\\_npx\\8\\gruppetto.mjs')).toBe(true)
  expect(isOfNpmsCache('/opt/gruppetto/gruppetto.mjs')).toBe(false)
})
