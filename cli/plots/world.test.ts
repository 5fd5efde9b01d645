import { expect, test } from 'vitest'
import { AUTHORED } from '#maps/authoring/worlds'
import { plot } from './world.ts'

const ids = ['sorrelmere', ...Object.keys(AUTHORED)]

test.each(ids)('[M42] %s: the plan and a card for each route are drawn, the same twice', async (id) => {
  const first = await plot.draw(id)
  const second = await plot.draw(id)
  expect([...first.pictures.keys()]).toEqual([`world-${id}.svg`, `world-${id}-routes.svg`])
  for (const [file, svg] of first.pictures) {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(second.pictures.get(file)).toBe(svg)
  }
})

test.each(Object.entries(AUTHORED))('[M42] %s: its roads and routes are named', async (id, author) => {
  const { pictures } = await plot.draw(id)
  const { roads, routes } = author()
  for (const { name } of routes) expect(pictures.get(`world-${id}-routes.svg`)).toContain(name)
  // A lane too short for its name goes without.
  const named = roads.filter(({ name }) => pictures.get(`world-${id}.svg`)!.includes(name))
  expect(named.length).toBeGreaterThanOrEqual(roads.length - 1)
})

test('[M42] a world that is not there is one sentence', async () => {
  await expect(plot.draw('atlantis')).rejects.toThrow(/there is no baked world atlantis/)
  await expect(plot.draw('../docs')).rejects.toThrow(/is no name of a world/)
})
