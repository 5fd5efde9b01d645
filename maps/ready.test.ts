import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadWorld } from './load.ts'
import { readyJson, readyWorld } from './ready.ts'

const WORLDS = ['gannetholm', 'high-gentian', 'sorrelmere', 'thrushford'] as const
const fileOf = (world: string, name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`worlds/${world}/${name}`, import.meta.url)))

describe('a road as the server gives it to its page', () => {
  it.each(WORLDS)('[V110] %s: the very world that its files make', (world) => {
    const course = fileOf(world, 'course.bin')
    const loaded = loadWorld(JSON.parse(new TextDecoder().decode(fileOf(world, 'map.json'))), course)
    if (!loaded.ok) throw new Error(loaded.error[0])
    const ready = readyWorld(JSON.parse(readyJson(loaded.value)), course)
    if (!ready.ok) throw new Error(ready.error[0])
    const { id, name, scenery } = loaded.value.map
    expect(ready.value).toEqual({ ...loaded.value, map: { id, name, scenery } })
  })

  it('[V110] facts of another road, a file that is cut off and what is no road are refused in a sentence', () => {
    const course = fileOf('thrushford', 'course.bin')
    const other = loadWorld(
      JSON.parse(new TextDecoder().decode(fileOf('gannetholm', 'map.json'))),
      fileOf('gannetholm', 'course.bin'),
    )
    if (!other.ok) throw new Error(other.error[0])
    for (const json of [JSON.parse(readyJson(other.value)), {}, { network: {} }])
      expect(readyWorld(json, course)).toEqual({ ok: false, error: [expect.stringContaining('ready.json: its ways')] })
    expect(readyWorld({}, course.subarray(0, 900))).toEqual({
      ok: false,
      error: [expect.stringContaining('course.bin')],
    })
  })
})
