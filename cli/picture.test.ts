import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { invocation } from '#test/support/invocation'
import { UsageError } from './command.ts'
import { command } from './picture.ts'
import { goldenViews } from './picture-views.ts'

const defaults = Object.fromEntries(command.options.map(({ name, default: text = '' }) => [name, text]))

describe('gruppetto picture', () => {
  it.each([
    [{ size: '1280' }, '--size 1280'],
    [{ size: '99999x10' }, '--size 99999x10'],
    [{ camera: 'drone' }, '--camera drone'],
    [{ quality: 'best' }, '--quality best'],
    [{ world: '../secret' }, '--world ../secret'],
    [{ world: 'nowhere' }, '--world nowhere'],
  ])('refuses %j and names it', async (options, named) => {
    const run = command.run(invocation(['out.png'], { ...defaults, ...options }))
    await expect(run).rejects.toThrow(UsageError)
    await expect(run).rejects.toThrow(named)
  })

  it('[V93] the views worlds are judged by: each world at dawn, noon, in rain and at night, two cameras each', () => {
    const views = goldenViews()
    expect(views.length).toBeGreaterThanOrEqual(24)
    expect(new Set(views.map(({ name }) => name)).size).toBe(views.length)
    const worlds = new Set(views.map(({ world }) => world))
    expect(worlds.size).toBeGreaterThanOrEqual(3)
    for (const world of worlds) {
      expect([world, existsSync(new URL(`../maps/worlds/${world}/course.bin`, import.meta.url))]).toEqual([world, true])
      for (const sky of ['dawn', 'noon', 'rain', 'night']) {
        const own = views.filter((view) => view.world === world && view.name.includes(`-${sky}-`))
        expect([world, sky, new Set(own.map(({ query }) => query)).size]).toEqual([world, sky, 2])
      }
    }
  })
})
