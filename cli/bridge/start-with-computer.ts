import { existsSync, realpathSync } from 'node:fs'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { AUTOSTART_TRIED, autostartOf, autostartSystem } from './autostart.ts'

/** `--autostart on|off`: with every other option that was given; shows what it wrote, or what it took away. */
export async function setAutostart(invocation: Invocation, command: Command, wish: string): Promise<number> {
  if (wish !== 'on' && wish !== 'off') throw new UsageError(`--autostart takes on or off, not "${wish}".`)
  if (wish === 'on' && command.options.some(({ name }) => name === 'code') && invocation.text('code') !== undefined)
    throw new UsageError('a --code serves once; ride with it first, then --autostart on without it.')
  const system = autostartSystem(process.platform, existsSync('/run/systemd/system'))
  const place = {
    ...{ system, home: homedir(), appData: process.env['APPDATA'] },
    configHome: process.env['XDG_CONFIG_HOME'] || undefined,
  }
  const program = realpathSync(process.argv[1]!)
  const words = [process.execPath, program, command.name, ...optionsGiven(invocation, command)]
  const { file, link, words: sentence } = autostartOf(place, words)
  if (wish === 'off') {
    for (const path of link === undefined ? [file.path] : [link, file.path]) await rm(path, { force: true })
    invocation.say(`taken away: ${file.path}; the bridge does not start by itself any more`)
    return 0
  }
  await mkdir(dirname(file.path), { recursive: true })
  await writeFile(file.path, file.text)
  if (link !== undefined) {
    await mkdir(dirname(link), { recursive: true })
    await rm(link, { force: true })
    await symlink(file.path, link)
  }
  invocation.say(`written: ${file.path}\n`)
  invocation.say(file.text)
  invocation.say(`${sentence}.`.replace('..', '.'))
  if (isOfNpmsCache(program))
    invocation.say(
      'This copy lies in a cache that npm empties: install it (npm install --global gruppetto-VERSION.tgz) and do this again.',
    )
  if (!AUTOSTART_TRIED.includes(system))
    invocation.say('(This way of starting was written and read, and not tried on a running system.)')
  return 0
}

/** What `npx` fetched for one call; a link there to an installed program is followed first. */
export const isOfNpmsCache = (program: string): boolean => /[\\/]_npx[\\/]/.test(program)

/** As they would be typed again. */
export function optionsGiven(invocation: Invocation, command: Command): string[] {
  return command.options.flatMap(({ name, value, default: usual, repeated }) => {
    if (name === 'autostart' || name === 'forget') return []
    if (value === undefined) return invocation.flag(name) ? [`--${name}`] : []
    if (repeated === true) return invocation.all(name).flatMap((text) => [`--${name}`, text])
    const text = invocation.text(name)
    if (text === undefined || text === usual) return []
    // It starts in another folder than this.
    return [`--${name}`, value === 'FILE' ? resolve(text) : text]
  })
}
