import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadWorld } from '#maps/load'
import { TILE_M, type SownTile } from './grass-sow.ts'
import { createHeightMap, heightTile } from './heights.ts'
import { createCountry, type WorldInput } from './world-build.ts'
import { createWorldJob, type WorldAnswer, type WorldAsk } from './world-job.ts'
import { WorldSource, type WorldWorker } from './world-source.ts'

function inputOf(id: string): WorldInput {
  const file = (name: string): Buffer => readFileSync(new URL(`../../maps/worlds/${id}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  const { course, network, map } = loaded.value
  return { course: course.columns, network, map, quality: 'test', seed: map.scenery.seed }
}

/** The job without a thread of its own: messages are copied as between threads, steps are taken by hand. */
function benchWorker() {
  const listeners: ((event: { data: WorldAnswer }) => void)[] = []
  const log: string[] = []
  const job = createWorldJob((answer, give) => {
    log.push(answer.kind)
    const data = structuredClone(answer, { transfer: give })
    for (const listener of listeners) listener({ data })
  })
  const worker: WorldWorker = {
    postMessage: (ask: WorldAsk) => job.ask(structuredClone(ask)),
    addEventListener: (_type, listener) => void listeners.push(listener),
    terminate: () => {},
  }
  return { worker, job, log }
}

const input = inputOf('thrushford')

describe('the worker that builds the world', () => {
  it('[V83] answers what the rider needs now before the next part of the world, and tells when all is told', async () => {
    const { worker, job, log } = benchWorker()
    const sown: SownTile[] = []
    const tiles: number[] = []
    const on = { sown: (one: SownTile) => void sown.push(one), heights: () => void tiles.push(1) }
    const source = new WorldSource(input, on, worker)
    expect([source.take(), source.isSpent]).toEqual([undefined, false])
    const heard = source.heard()
    job.step()
    await heard
    source.sow(7)
    source.heights(0, 0)
    while (job.step());
    expect(log.slice(0, 4)).toEqual(['part', 'sown', 'heights', 'part'])
    expect(log.at(-1)).toBe('built')
    expect(sown.map(({ tile, rows }) => [tile, rows.length > 0])).toEqual([[7, true]])
    const names: string[] = []
    for (let part = source.take(); part !== undefined; part = source.take()) names.push(part.name)
    expect(names.filter((name) => name === 'ground').length).toBeGreaterThan(0)
    expect(names).toHaveLength(log.filter((kind) => kind === 'part').length)
    expect([source.isSpent, source.isIdle]).toEqual([true, true])
    source.sow(8)
    expect([source.isSpent, source.isIdle]).toEqual([true, false])
    while (job.step());
    expect(source.isIdle).toBe(true)
  })

  const country = createCountry(input)

  it('[V83] what is sown in a tile follows from its number: asked again, and by another worker, it is the same', () => {
    const sow = (): Float32Array => {
      const { worker, job } = benchWorker()
      let rows = new Float32Array(0)
      const on = { sown: (one: SownTile) => void (rows = one.rows), heights: () => {} }
      const source = new WorldSource(input, on, worker)
      source.sow(12)
      job.step()
      return rows
    }
    const first = sow()
    expect(sow()).toEqual(first)
    // Beside the road of that tile.
    const [x, z] = [first[0]!, first[2]!]
    const { tape } = country.ways
    const at = 12 * TILE_M
    expect(Math.sqrt((tape.x[at]! - x) ** 2 + (tape.z[at]! - z) ** 2)).toBeLessThan(45)
  })

  it('[V84] the camera knows the ground to a third of a metre from tiles it asks for once', () => {
    const asked: string[] = []
    const map = createHeightMap((tileX, tileZ) => void asked.push(`${tileX} ${tileZ}`))
    const { tape } = country.ways
    const at = (k: number): readonly [number, number] => [tape.x[k]! + 6, tape.z[k]! - 5]
    expect(map.heightAt(...at(400))).toBe(-Infinity)
    expect(map.heightAt(...at(400))).toBe(-Infinity)
    expect(asked).toHaveLength(1)
    for (let k = 0; k < tape.count; k += 50) map.heightAt(...at(k))
    for (const key of asked) {
      const [tileX, tileZ] = key.split(' ').map(Number) as [number, number]
      map.take(heightTile(country.land, tileX, tileZ))
    }
    let sum = 0
    let count = 0
    for (let k = 0; k < tape.count; k += 50, count++) {
      sum += Math.abs(map.heightAt(...at(k)) - country.land.heightAt(...at(k)))
    }
    expect(count).toBeGreaterThan(100)
    expect(sum / count).toBeLessThan(0.34)
  })
})
