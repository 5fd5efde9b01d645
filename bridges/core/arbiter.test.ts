import { describe, expect, test } from 'vitest'
import { Arbiter, RETURN_MS } from './arbiter.ts'

type Kind = 'power-meter' | 'trainer'
const rule = { kinds: ['power-meter', 'trainer'], freshMs: 3000 } as const

/** Who gives, second by second, as a string; each device is heard in the seconds for which it says so, at 1 Hz. */
function winners(
  arbiter: Arbiter<Kind>,
  seconds: number,
  devices: Readonly<Record<string, { kind: Kind; isHeard: (second: number) => boolean }>>,
): string {
  let told = ''
  for (let second = 0; second < seconds; second++) {
    for (const [id, { kind, isHeard }] of Object.entries(devices))
      if (isHeard(second)) arbiter.offer(id, kind, 100, second * 1000)
    told += arbiter.winner(second * 1000) ?? '-'
  }
  return told
}
const always = (): boolean => true
const changes = (told: string): number => [...told].filter((id, i) => i > 0 && id !== told[i - 1]).length

describe('which device gives a quantity', () => {
  test('[B100] of two of the better kind the one that gives goes on giving, and the other takes over when it falls silent', () => {
    const two = {
      a: { kind: 'power-meter', isHeard: (s: number) => s < 10 },
      b: { kind: 'power-meter', isHeard: always },
      t: { kind: 'trainer', isHeard: always },
    } as const
    expect(winners(new Arbiter(rule), 16, two)).toBe('aaaaaaaaaaaabbbb')
  })

  test("[B100] the rider's choice gives while it is heard, whatever its kind; without it the best does", () => {
    const arbiter = new Arbiter<Kind>(rule)
    arbiter.choose('t', 0)
    const chosen = {
      m: { kind: 'power-meter', isHeard: always },
      t: { kind: 'trainer', isHeard: (s: number) => s < 4 },
    }
    expect(winners(arbiter, 9, chosen as never)).toBe('ttttttmmm')
    arbiter.choose(undefined, 9000)
    expect(arbiter.winner(8500)).toBe('m')
    expect(arbiter.chosenId).toBeUndefined()
  })

  test('[B101] who comes back waits five seconds before it takes the place of one that speaks, and nobody waits for an empty place', () => {
    const meter = (s: number): boolean => s < 3 || s >= 8
    const beside = { m: { kind: 'power-meter', isHeard: meter }, t: { kind: 'trainer', isHeard: always } } as const
    //                                                   0123456789
    expect(winners(new Arbiter(rule), 16, beside)).toBe('mmmmmttttttttmmm')
    expect(RETURN_MS).toBe(5000)
    const alone = { m: { kind: 'power-meter', isHeard: meter } } as const
    expect(winners(new Arbiter(rule), 10, alone)).toBe('mmmmm---mm')
  })

  test('[B101] a meter that dies every ten seconds changes the source ever less often', () => {
    const dying = {
      m: { kind: 'power-meter', isHeard: (s: number) => s % 10 < 6 },
      t: { kind: 'trainer', isHeard: always },
    }
    const told = winners(new Arbiter(rule), 300, dying as never)
    expect(changes(told)).toBeLessThanOrEqual(4)
    // Without the wait it would change twice in ten seconds.
    const steady = { ...dying, m: { kind: 'power-meter', isHeard: always } }
    expect(changes(winners(new Arbiter(rule), 300, steady as never))).toBe(0)
  })

  test('[B101] a fall is forgotten after five minutes of speaking', () => {
    const arbiter = new Arbiter<Kind>(rule)
    const falls = [10, 400, 800]
    const isHeard = (s: number): boolean => !falls.some((at) => s >= at && s < at + 5)
    const told = winners(arbiter, 830, { m: { kind: 'power-meter', isHeard }, t: { kind: 'trainer', isHeard: always } })
    // Silent from 10, trainer from 12, heard again at 15, believed at 20: eight seconds, each time.
    for (const at of falls) expect(told.slice(at, at + 12)).toBe('mmttttttttmm')
  })

  test('[B100] one device with two services speaks with the better one', () => {
    const arbiter = new Arbiter<Kind>(rule)
    arbiter.offer('d', 'power-meter', 210, 0)
    arbiter.offer('d', 'trainer', 200, 10)
    expect(arbiter.valueOf('d')).toBe(210)
    arbiter.offer('d', 'trainer', 201, 3000)
    expect(arbiter.valueOf('d')).toBe(201)
  })

  test('a stranger with a hundred devices takes no memory, and not the place of the chosen one', () => {
    const arbiter = new Arbiter<Kind>(rule)
    arbiter.choose('mine', 0)
    arbiter.offer('mine', 'trainer', 1, 0)
    for (let i = 0; i < 100; i++) arbiter.offer(`stranger ${i}`, 'power-meter', 1, 1 + i)
    expect(arbiter.winner(200)).toBe('mine')
    expect(arbiter.isFresh('stranger 0', 200)).toBe(false)
    expect(arbiter.isFresh('stranger 99', 200)).toBe(true)
  })
})
