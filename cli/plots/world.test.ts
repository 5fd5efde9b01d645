import { expect, test } from 'vitest'
import { AUTHORED } from '#maps/authoring/worlds'
import { plot } from './world.ts'

test.each(['sorrelmere', ...Object.keys(AUTHORED)])(
  '[M42] %s: the plan and a card for each route are drawn, the same twice',
  async (id) => {
    const [first, second] = [await plot.draw(id), await plot.draw(id)]
    expect([...first.pictures.keys()]).toEqual([`world-${id}.svg`, `world-${id}-routes.svg`])
    for (const [file, svg] of first.pictures) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      expect(second.pictures.get(file)).toBe(svg)
    }
    const plan = first.pictures.get(`world-${id}.svg`)!
    const cards = first.pictures.get(`world-${id}-routes.svg`)!
    for (const { plan: make } of id in AUTHORED ? [{ plan: AUTHORED[id]! }] : []) {
      const { roads, routes } = make()
      for (const { name } of routes) expect(cards).toContain(name)
      // A lane too short for its name goes without.
      expect(roads.filter(({ name }) => plan.includes(name)).length).toBeGreaterThanOrEqual(roads.length - 1)
    }
  },
)

test('[M42] a world that is not there is one sentence', async () => {
  await expect(plot.draw('atlantis')).rejects.toThrow(/there is no baked world atlantis/)
  await expect(plot.draw('../docs')).rejects.toThrow(/is no name of a world/)
})
