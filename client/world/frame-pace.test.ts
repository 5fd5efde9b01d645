import { describe, expect, it } from 'vitest'
import { Pace, SHARES, tierOf } from './frame-pace.ts'

/** A graphics card that needs so long for a full picture, behind a screen of 60 pictures a second. */
function ride(pace: Pace, fullMs: number, seconds: number): { changes: string[]; lower: number } {
  const changes: string[] = []
  let lower = 0
  for (let ms = 0; ms < seconds * 1000;) {
    const needed = 1.5 + fullMs * pace.share ** 2
    const dtMs = Math.ceil(needed / 16.67) * 16.67
    ms += dtMs
    const change = pace.frame(dtMs)
    if (change === 'share') changes.push(`${Math.round(ms / 1000)} s: ${pace.share}`)
    if (change === 'lower') lower++
  }
  return { changes, lower }
}

describe('the pace of pictures', () => {
  it('[V90] a card that is fast enough draws every pixel, for an hour', () => {
    const pace = new Pace()
    expect(ride(pace, 12, 3600)).toEqual({ changes: [], lower: 0 })
    expect(pace.share).toBe(1)
  })

  it('[V90] a card that is too slow gets fewer pixels within seconds, and then hardly moves', () => {
    const pace = new Pace()
    const first = ride(pace, 24, 10)
    expect(pace.share).toBe(0.75)
    expect(first.changes.length).toBe(2)
    // It tries a finer picture ever more seldom.
    const later = ride(pace, 24, 1800)
    expect(later.changes.length).toBeLessThan(22)
    expect(later.lower).toBe(0)
    expect(ride(pace, 24, 1800).changes.length).toBeLessThan(14)
  })

  it('[V90] where half the sides are still too many a lower tier is asked for', () => {
    const pace = new Pace()
    const { lower } = ride(pace, 130, 30)
    expect([pace.share, lower > 0]).toEqual([SHARES[0], true])
  })

  it('[V90] a card that cools down, or a road that empties, gets its pixels back', () => {
    const pace = new Pace()
    ride(pace, 40, 20)
    expect(pace.share).toBeLessThan(0.7)
    ride(pace, 10, 240)
    expect(pace.share).toBe(1)
  })

  it('[V90] a hidden page and single late frames change nothing', () => {
    const pace = new Pace()
    for (let k = 0; k < 5000; k++) {
      expect(pace.frame(k % 300 === 0 ? 2000 : k % 10 === 0 ? 33 : 16.7)).toBeUndefined()
    }
  })

  it('[V91] the name of the card says where to begin', () => {
    const names = {
      'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)': 'low',
      'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x2504) Direct3D11 vs_5_0 ps_5_0, D3D11)': 'high',
      'ANGLE (Intel, Intel(R) UHD Graphics 620 (0x5917) Direct3D11 vs_5_0 ps_5_0, D3D11)': 'medium',
      'ANGLE (Intel, Intel(R) HD Graphics 4000 (0x0166) Direct3D11 vs_5_0 ps_5_0, D3D11)': 'low',
      'ANGLE (AMD, AMD Radeon RX 6600 (0x73FF) Direct3D11 vs_5_0 ps_5_0, D3D11)': 'high',
      'Apple M2': 'high',
      'Apple GPU': 'medium',
      'Mali-G52': 'low',
      'Mali-G78': 'medium',
      'Adreno (TM) 740': 'medium',
      'Adreno (TM) 506': 'low',
      '': 'medium',
    }
    for (const [name, tier] of Object.entries(names)) expect([name, tierOf(name)]).toEqual([name, tier])
  })
})
