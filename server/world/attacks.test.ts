import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { calmConditions } from '#physics/weather'
import { BitReader } from '#protocol/reader'
import { readRiderBlock } from '#protocol/rider-block'
import { BitWriter } from '#protocol/writer'
import { FakeHost } from '#server/net/testing'
import { Interest } from './interest.ts'
import { Viewer } from './packets.ts'
import { RiderStream } from './stream.ts'

test.each([
  [100, 25],
  [100, 60],
  [320, 25],
])(
  '[D60] %d riders who jerk in every tick, and a viewer who says after %d packets that none of them came: thousands to tell again, each packet within its budget and readable',
  (viewRiders, silentPackets) => {
    const host = new FakeHost(viewRiders + 1)
    const stream = new RiderStream({ riders: host.riders, course: host.course, conditions: calmConditions() })
    const viewer = new Viewer(stream, { viewRiders })
    const interest = new Interest(host)
    const random = createRandom(8214)
    const bitsMax = 1150 * 8
    const w = new BitWriter()
    let records = 0
    for (let number = 0; number < 200; number++) {
      for (let row = 0; row < host.riders.count; row++) host.riders.speedMps[row] = 8 + random.fraction()
      host.step()
      stream.step(host.tick)
      interest.update()
      viewer.look(interest, 0, host.riders.id)
      w.reset()
      viewer.write(w, number, bitsMax)
      expect([w.overflow, w.bitLength <= bitsMax]).toEqual([false, true])
      const r = new BitReader(w.finish())
      const read = readRiderBlock(r)
      expect([read.ok, r.finished]).toEqual([true, true])
      if (read.ok) records += read.value.length
      const at = number % (silentPackets + 10)
      if (at < 9) viewer.acked(number, 0xffffffff)
      else if (at === silentPackets + 9) viewer.acked(number, 0)
    }
    expect(records).toBeGreaterThan(10_000)
  },
)
