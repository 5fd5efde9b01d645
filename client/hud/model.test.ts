import { describe, expect, it } from 'vitest'
import { createSceneRiders, type RosterEntry } from '#client/world/scene-riders'
import type { HudRoad } from './hud-road.ts'
import { clock } from './figures.ts'
import { createHudModel, gapS, NEARBY_ROWS, type OwnFigures } from './model.ts'

const flat: HudRoad = {
  lengthM: 1000,
  isLap: true,
  alongM: (placeM) => placeM - 1000 * Math.floor(placeM / 1000),
  placeAt: (alongM) => alongM,
  name: 'flat',
  progress: (distanceM) => `Lap ${Math.floor(distanceM / 1000) + 1}`,
  slopeAt: () => 0,
  heightAt: () => 5,
}
const course: HudRoad = { ...flat, slopeAt: () => 0.06, heightAt: (placeM) => 100 + 0.06 * placeM }

function table(rows: readonly { id: number; distanceM: number; speedMps?: number; powerW?: number }[]) {
  const riders = createSceneRiders(32)
  riders.count = rows.length
  rows.forEach((row, i) => {
    riders.id[i] = row.id
    riders.distanceM[i] = row.distanceM
    riders.placeM[i] = row.distanceM
    riders.gapM[i] = row.distanceM - rows[0]!.distanceM
    riders.speedMps[i] = row.speedMps ?? 10
    riders.powerW[i] = row.powerW ?? 200
  })
  return riders
}

function entry(id: number, massKg = 75): RosterEntry {
  const look = { jersey: 0, accent: 0, shorts: 0, helmet: 0, frame: 0, skin: 0, pattern: 0, bike: 0, number: 0 }
  return { id, name: `R${id}`, isBot: false, massKg, ...look }
}

const own = (figures: Partial<OwnFigures> = {}): OwnFigures => ({ elapsedS: 0, riddenM: 0, ...figures })

describe('gaps', () => {
  it('a gap takes the speed of whoever is behind, and ahead is negative', () => {
    expect(gapS(40, 8, 12)).toBe(-5)
    expect(gapS(-40, 8, 10)).toBe(4)
  })
  it('a rider who stands still has a finite gap', () => {
    expect(gapS(-100, 10, 0)).toBe(50)
    expect(gapS(1e9, 0, 0)).toBe(-3600)
  })
  it('rows run from the front of the road to the back, own row among them without a gap', () => {
    const rows = createHudModel(flat).sample(
      table([
        { id: 1, distanceM: 500 },
        { id: 2, distanceM: 450 },
        { id: 3, distanceM: 530 },
        { id: 4, distanceM: 499 },
      ]),
      [entry(1), entry(2, 50)],
      0,
      own(),
    ).nearby
    expect(rows.map((row) => [row.name, row.gap, row.wattsPerKg, row.isSelf])).toEqual([
      ['Rider 3', '−3.0', '–', false],
      ['R1', '', '2.7', true],
      ['Rider 4', '+0.1', '–', false],
      ['R2', '+5.0', '4.0', false],
    ])
  })
  it('of many riders the nearest are shown, half of them ahead', () => {
    const many = table(Array.from({ length: 21 }, (_, i) => ({ id: i + 1, distanceM: 500 + (i % 2 ? i : -i) * 2 })))
    const rows = createHudModel(flat).sample(many, [], 0, own()).nearby
    expect(rows).toHaveLength(NEARBY_ROWS)
    expect(rows.findIndex((row) => row.isSelf)).toBe(3)
  })
})

describe('own figures', () => {
  it('the average is over the last three seconds, by time and not by sample', () => {
    const model = createHudModel(flat)
    model.sample(table([{ id: 1, distanceM: 0, powerW: 900 }]), [], 0, own())
    model.sample(table([{ id: 1, distanceM: 0, powerW: 100 }]), [], 2, own())
    model.sample(table([{ id: 1, distanceM: 0, powerW: 400 }]), [], 4, own())
    // From 2 s to 4 s 100 W, from 1 s to 2 s 900 W.
    expect(model.sample(table([{ id: 1, distanceM: 0, powerW: 400 }]), [], 4, own()).power3sW).toBe('367')
    expect(model.sample(table([{ id: 1, distanceM: 0, powerW: 0 }]), [], 7, own()).power3sW).toBe('400')
  })
  it('another rider in row 0 starts the average and the climb anew', () => {
    const model = createHudModel(course)
    model.sample(table([{ id: 1, distanceM: 0, powerW: 900 }]), [], 0, own())
    model.sample(table([{ id: 1, distanceM: 100, powerW: 900 }]), [], 1, own())
    const figures = model.sample(table([{ id: 2, distanceM: 150, powerW: 100 }]), [], 2, own())
    expect([figures.power3sW, figures.climbedM]).toEqual(['100', '0'])
  })
  it('grade is rise over run, derived from dz/ds by gradeFromSlope', () => {
    const steep = { ...course, slopeAt: () => 0.6 }
    expect(createHudModel(steep).sample(table([{ id: 1, distanceM: 0 }]), [], 0, own()).gradePercent).toBe('75.0')
    const down = { ...course, slopeAt: () => -0.0001 }
    expect(createHudModel(down).sample(table([{ id: 1, distanceM: 0 }]), [], 0, own()).gradePercent).toBe('0.0')
  })
  it('metres climbed count up only, and a jump along the road is no climb', () => {
    const model = createHudModel({ ...course, isLap: false })
    for (const distanceM of [0, 100, 50, 100, 600]) model.sample(table([{ id: 1, distanceM }]), [], 0, own())
    expect(model.sample(table([{ id: 1, distanceM: 600 }]), [], 0, own()).climbedM).toBe('9')
  })
  it('a missing heart rate is a dash, and an empty road shows dashes', () => {
    expect(createHudModel(flat).sample(table([{ id: 1, distanceM: 0 }]), [], 0, own()).heartRateBpm).toBe('–')
    expect(createHudModel(flat).sample(table([]), [], 0, own({ elapsedS: 61 }))).toMatchObject({
      powerW: '–',
      elapsed: '1:01',
    })
  })
  it('distance is what was ridden, watts per kilogram are by the weight this page knows', () => {
    const riders = table([{ id: 1, distanceM: 120_050, powerW: 150 }])
    const figures = createHudModel(flat).sample(riders, [entry(1, 80)], 0, own({ riddenM: 50, selfKg: 75 }))
    expect(figures).toMatchObject({ distanceKm: '0.05', wattsPerKg: '2.0' })
    expect(figures.nearby[0]!.wattsPerKg).toBe('2.0')
  })
  it('time reads as a clock', () => {
    expect([clock(-1), clock(59.9), clock(600), clock(3661)]).toEqual(['0:00', '0:59', '10:00', '1:01:01'])
  })
  it('markers stand at their share of the lap, oneself drawn last', () => {
    const { markers } = createHudModel(flat).sample(
      table([
        { id: 1, distanceM: 2250 },
        { id: 2, distanceM: 500 },
      ]),
      [],
      0,
      own(),
    )
    expect(markers).toEqual([
      { share: 0.5, placeM: 500, kind: 'other' },
      { share: 0.25, placeM: 2250, kind: 'self' },
    ])
  })
})
