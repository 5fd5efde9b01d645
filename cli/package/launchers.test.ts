import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { importsOf } from './emit.ts'
import { isForRiders, systemHere, systemOf } from './folder.ts'
import { launchersOf } from './launchers.ts'

const run = promisify(execFile)

/** A folder as it is made, with a Node that says what it was asked. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto $x "a" '))
  try {
    await mkdir(join(folder, 'node'))
    await writeFile(join(folder, 'node', 'node'), '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\nexit 3\n')
    await chmod(join(folder, 'node', 'node'), 0o755)
    for (const { name, text } of launchersOf('linux')) await writeFile(join(folder, name), text, { mode: 0o755 })
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('[B124] the launcher starts the ride with the Node beside it, wherever the folder lies, and any command it is given', async () => {
  await withFolder(async (folder) => {
    const asked = async (...words: string[]): Promise<string[]> => {
      // The exit code of the program is the launcher's.
      const got = await run(join(folder, 'gruppetto.sh'), words).catch(
        (error: { code: number; stdout: string }) => error,
      )
      expect(got).toMatchObject({ code: 3 })
      return got.stdout.trimEnd().split('\n')
    }
    expect(await asked()).toEqual([join(folder, 'app', 'gruppetto.mjs'), 'ride'])
    expect(await asked('doctor', 'a b')).toEqual([join(folder, 'app', 'gruppetto.mjs'), 'doctor', 'a b'])
  })
})

test('[B124] a link to the launcher starts what lies beside the launcher, not beside the link', async () => {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'bin'))
    const link = join(folder, 'bin', 'gruppetto')
    await symlink(join(folder, 'gruppetto.sh'), link)
    const got = await run(link, []).catch((error: { stdout: string }) => error)
    expect(got.stdout.trimEnd().split('\n')).toEqual([join(folder, 'app', 'gruppetto.mjs'), 'ride'])
  })
})

test('[B148] a folder for riders has no trace of the machine that made it: of a compiled module what runs, and no tests', () => {
  const at = '/somewhere/node_modules/@a/radio'
  const kept = ['build/Release/radio.node', 'lib/radio.js', 'package.json', 'prebuilds/linux-x64/radio.node']
  const left = [
    'build/Makefile',
    'build/config.gypi',
    'build/radio.target.mk',
    'build/Release/obj.target/x.o',
    'test/a.js',
  ]
  expect(kept.filter((path) => !isForRiders(`${at}/${path}`))).toEqual([])
  expect(left.filter((path) => isForRiders(`${at}/${path}`))).toEqual([])
  expect(isForRiders(String.raw`C:\test\x\node_modules\radio\lib\radio.js`)).toBe(true)
})

test('[B124] what is double-clicked on Linux leads to the launcher beside it', async () => {
  await withFolder(async (folder) => {
    const entry = launchersOf('linux').find(({ name }) => name.endsWith('.desktop'))!
    const exec = /^Exec=sh -c "(.*)" sh %k$/m.exec(entry.text)![1]!
    // As the specification has it: the file's escapes first, then the quotes'.
    const script = exec.replaceAll('\\\\', '\\').replaceAll(/\\(["`$\\])/g, '$1')
    const got = await run('sh', ['-c', script, 'sh', join(folder, entry.name)]).catch(
      (error: { stdout: string }) => error,
    )
    expect(got.stdout.trimEnd().split('\n').at(-1)).toBe('ride')
  })
})

test('[B124] each system has something to double-click', () => {
  expect(['linux-x64', 'darwin-arm64', 'win-x64'].map((name) => systemOf(name as 'linux-x64'))).toEqual([
    ...['linux', 'mac', 'windows'],
  ])
  expect(launchersOf('mac').map(({ name }) => name)).toEqual(['Gruppetto.command'])
  const [windows] = launchersOf('windows')
  expect(windows!.text).toContain('"%~dp0node\\node.exe" "%~dp0app\\gruppetto.mjs" ride\r\n')
  expect(systemHere('win32', 'x64')).toBe('win-x64')
  expect(systemHere('sunos', 'x64')).toBeUndefined()
})

test('[B124] what the package needs is read from what was emitted: no package of ours is forgotten', () => {
  const text = [
    'import multicastDns from "multicast-dns";',
    'import { a } from "./a.js";',
    'import { readFile } from "node:fs/promises";',
    'import "@scope/name/deep";',
    'const lazy = await import("ant-plus");',
    'const no = "import x from nowhere";',
  ].join('\n')
  expect(importsOf(text)).toEqual(['multicast-dns', '@scope/name', 'ant-plus'])
})
