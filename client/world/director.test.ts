import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { Director, type DirectorFacts, type Shot } from './director.ts'
import { createSceneRiders } from './scene-riders.ts'

const NO_LINE: DirectorFacts = { places: [3, 1, 2], finishAheadM: Infinity }

/** Twenty riders in two groups and some alone, who surge now and then. */
function race(seconds: number, facts: (tick: number) => DirectorFacts): { tick: number; shot: Shot }[] {
  const random = createRandom(5)
  const riders = createSceneRiders(20)
  riders.count = 20
  const director = new Director()
  const shots: { tick: number; shot: Shot }[] = []
  for (let i = 0; i < 20; i++) {
    riders.id[i] = i + 1
    riders.placeM[i] = i < 8 ? 500 + i * 2 : i < 15 ? 300 + i * 2 : 40 * i - 500
    riders.speedMps[i] = 10
  }
  for (let tick = 0; tick < seconds * 20; tick += 5) {
    for (let i = 0; i < 20; i++) {
      riders.placeM[i]! += 2.5
      if (random.fraction() < 0.02) riders.powerW[i] = random.fraction() < 0.2 ? 620 : 180 + 120 * random.fraction()
    }
    const shot = director.look(tick, riders, facts(tick))!
    if (shot !== shots.at(-1)?.shot) shots.push({ tick, shot })
  }
  return shots
}

test('[S12] a director cuts every five to fourteen seconds, to several riders and from every side; the same ride gives the same cuts', () => {
  const shots = race(600, () => NO_LINE)
  const lengths = shots.slice(1).map(({ tick }, i) => tick - shots[i]!.tick)
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(100)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(285)
  expect(new Set(shots.map(({ shot }) => shot.riderId)).size).toBeGreaterThan(6)
  expect([...new Set(shots.map(({ shot }) => shot.camera))].toSorted()).toEqual([
    'chase',
    'helicopter',
    'roadside',
    'side',
  ])
  expect([...new Set(shots.map(({ shot }) => shot.reason))].toSorted()).toEqual(['attack', 'front', 'group', 'rider'])
  expect(race(600, () => NO_LINE)).toEqual(shots)
})

test('[S12] when the first comes to the line the director is there, with the first', () => {
  const shots = race(60, (tick) => ({ ...NO_LINE, finishAheadM: Math.max(0, 600 - tick / 2) }))
  const finish = shots.find(({ shot }) => shot.camera === 'finish')!
  expect(finish.shot.riderId).toBe(3)
  // From 220 m on, at the latest when the shot before has had its shortest time.
  expect(finish.tick).toBeLessThanOrEqual(760 + 55)
  expect(shots.at(-1)!.shot.camera).toBe('finish')
})
