import { describe, expect, test } from 'vitest'
import type { DeviceState, LegsState, TrainerState } from '#bridges/core/devices'
import { unavailableOf } from './bluetooth-here.ts'
import { notChosenOf } from './bluetooth-words.ts'
import { TROUBLE_WORDS } from './legs-words.ts'
import type { TroubleId } from './trouble-names.ts'
import { type Environment, TroubleWatch } from './troubles.ts'

const TURBO: DeviceState = {
  ...{ id: 'ble:1', name: 'Turbo', carrier: 'bluetooth', source: 'trainer', level: 'good', words: 'power, cadence' },
  ...{ brings: ['power', 'cadence', 'resistance'], isTrainer: true, canCalibrate: true, powerW: 180, cadenceRpm: 90 },
}
const STRAP: DeviceState = {
  ...{ id: 'ble:2', name: 'Strap', carrier: 'bluetooth', source: 'strap', level: 'good', words: 'heart rate' },
  ...{ brings: ['heart rate'], isTrainer: false, canCalibrate: false, heartRateBpm: 120 },
}
const HELD: TrainerState = { mode: 'sim', control: 'held', words: 'the road', level: 'good', difficulty: 1 }
const FINE: Environment = { links: new Map(), waiting: [] }
const AWAY: DeviceState = { ...TURBO, level: 'bad', words: 'gone', powerW: undefined, cadenceRpm: undefined }

const legsOf = (devices: readonly DeviceState[], trainer?: TrainerState): LegsState => ({
  devices,
  sources: [{ quantity: 'cadenceRpm', deviceId: devices.find(({ cadenceRpm }) => cadenceRpm !== undefined)?.id }],
  trainer,
})

/** Looks four times a second, as the page does, and says from which second on a trouble is shown. */
function secondsOf(
  id: TroubleId,
  look: (atS: number) => { readonly legs: LegsState; readonly environment?: Environment },
  lastS = 60,
): number | undefined {
  const watch = new TroubleWatch()
  for (let atMs = 0; atMs <= lastS * 1000; atMs += 250) {
    const { legs, environment = FINE } = look(atMs / 1000)
    if (watch.look(legs, environment, atMs).some((trouble) => trouble.id === id)) return atMs / 1000
  }
  return undefined
}
const steady = (legs: LegsState, environment?: Environment) => () => (environment ? { legs, environment } : { legs })
const linkOf = (state: 'connecting' | 'lost'): Environment => ({
  ...FINE,
  links: new Map([[TURBO.id, state === 'lost' ? { state, sinceMs: 0, attempt: 3 } : { state, attempt: 3 }]] as const),
})

describe('what is wrong, in words', () => {
  test('[B132] every trouble is a short sentence and a remedy of its own, with the name of its device', () => {
    const all = Object.entries(TROUBLE_WORDS).map(([id, say]) => ({ id, ...say('Turbo', '9 %') }))
    for (const { id, words, remedy } of all) {
      expect(words, id).toMatch(/^[A-Z].*[.]$/)
      expect(remedy, id).toMatch(/^[A-Z].*[.]$/)
      expect(words.length, id).toBeLessThanOrEqual(80)
      expect(remedy.length, id).toBeLessThanOrEqual(120)
    }
    expect(new Set(all.map(({ words }) => words)).size).toBe(all.length)
    expect(new Set(all.map(({ remedy }) => remedy)).size).toBe(all.length)
  })

  test('[B132] nothing is wrong with a trainer and a strap that do what they can', () => {
    const alive = (atS: number) => ({ legs: legsOf([{ ...TURBO, powerW: 180 + (atS % 7) }, STRAP], HELD) })
    for (const id of Object.keys(TROUBLE_WORDS) as TroubleId[]) expect(secondsOf(id, alive), id).toBeUndefined()
  })

  test.each([
    ['not-secure', { isSecure: false, hasBluetooth: false, system: 'X11; Linux x86_64' }],
    ['bluetooth-hidden', { isSecure: true, hasBluetooth: false, system: 'X11; Linux x86_64' }],
    ['no-bluetooth', { isSecure: true, hasBluetooth: false, system: 'iPhone; CPU iPhone OS 26_0 like Mac OS X' }],
    ['no-bluetooth', { isSecure: true, hasBluetooth: false, system: 'Linux; Android 16' }],
    [undefined, { isSecure: true, hasBluetooth: true, system: 'X11; Linux x86_64' }],
  ] as const)('[B132] the page itself: %s', (id, facts) => {
    expect(unavailableOf(facts)).toBe(id)
    const shown = new TroubleWatch().look(legsOf([]), { ...FINE, unavailable: unavailableOf(facts) }, 0)
    expect(shown.map((trouble) => trouble.id)).toEqual(id === undefined ? [] : [id])
  })

  test.each([
    ['bluetooth-off', new DOMException('Bluetooth adapter not available.', 'NotFoundError')],
    ['nothing-chosen', new DOMException('User cancelled the requestDevice() chooser.', 'NotFoundError')],
    ['denied', new DOMException('Access is disallowed by permissions policy.', 'SecurityError')],
    ['chooser-failed', new TypeError('no')],
  ] as const)('[B132] a chooser without a device: %s', (id, error) => {
    expect(notChosenOf(error)).toBe(id)
    const [first] = new TroubleWatch().look(legsOf([]), { ...FINE, refusal: id }, 0)
    expect(first).toMatchObject({ id, level: id === 'nothing-chosen' ? 'working' : 'bad' })
  })

  test('[B133] a device that never answers sleeps first, and then somebody else has it', () => {
    const look = steady(legsOf([AWAY]), linkOf('connecting'))
    expect([secondsOf('asleep', look), secondsOf('held', look)]).toEqual([6, 25])
  })

  test('[B133] a link that is lost is said at once, and how long it has been gone', () => {
    const look = steady(legsOf([AWAY]), linkOf('lost'))
    expect([secondsOf('lost', look), secondsOf('long-lost', look)]).toEqual([0, 20])
    const watch = new TroubleWatch()
    const words = [0, 25_000, 61_000, 200_000].map((atMs) => watch.look(legsOf([AWAY]), linkOf('lost'), atMs)[0]?.words)
    expect(words).toEqual([
      'Turbo is gone.',
      'Turbo has been gone for 20 s.',
      'Turbo has been gone for 1 min.',
      'Turbo has been gone for 3 min.',
    ])
  })

  test('[B133] a radio that is off is one trouble, not one of each device', () => {
    const shown = new TroubleWatch().look(legsOf([AWAY]), { ...linkOf('lost'), isOff: true }, 0)
    expect(shown.map(({ id }) => id)).toEqual(['bluetooth-off'])
  })

  test('[B134] connected and silent: watts, cadence, heart, or nothing at all, each after ten seconds', () => {
    const silent = { ...TURBO, powerW: undefined, cadenceRpm: undefined }
    expect(secondsOf('no-power', steady(legsOf([silent])))).toBe(10)
    expect(secondsOf('no-heart', steady(legsOf([{ ...STRAP, heartRateBpm: undefined }])))).toBe(10)
    const noCadence = (atS: number) => ({
      legs: legsOf([{ ...TURBO, powerW: 180 + (atS % 7), cadenceRpm: undefined }]),
    })
    expect(secondsOf('no-cadence', noCadence)).toBe(10)
    const beside = (atS: number) => ({
      legs: legsOf([
        { ...TURBO, powerW: 180 + (atS % 7), cadenceRpm: undefined },
        { ...STRAP, id: 'c', cadenceRpm: 88 },
      ]),
    })
    expect(secondsOf('no-cadence', beside)).toBeUndefined()
    const asking = { ...TURBO, level: 'working', brings: undefined } as const
    expect(secondsOf('stalled', steady(legsOf([asking])))).toBe(15)
    expect(secondsOf('nothing-useful', steady(legsOf([{ ...STRAP, brings: [] }])))).toBe(0)
  })

  test('[B134] a short silence begins anew each time', () => {
    const often = (atS: number) => ({ legs: legsOf([{ ...TURBO, powerW: atS % 9 < 8 ? undefined : 100 + atS }]) })
    expect(secondsOf('no-power', often, 120)).toBeUndefined()
  })

  test('[B134] watts that stand still over cranks that stand, or for half a minute, are stuck; held watts are not', () => {
    // The law of samples takes such watts away; what is left is the cadence.
    const memory = (atS: number) => ({
      legs: legsOf([atS < 5 ? { ...TURBO, powerW: 180 + atS } : { ...TURBO, powerW: undefined, cadenceRpm: 0 }]),
    })
    expect(secondsOf('stuck', memory)).toBe(5)
    expect(secondsOf('stuck', steady(legsOf([TURBO], HELD)))).toBe(30.25)
    expect(secondsOf('stuck', steady(legsOf([TURBO], { ...HELD, mode: 'erg' })))).toBeUndefined()
    expect(secondsOf('stuck', steady(legsOf([{ ...TURBO, powerW: 0, cadenceRpm: 0 }], HELD)))).toBeUndefined()
  })

  test('[B135] control: never had, taken by another, unanswered, refused, unknown', () => {
    const control = (control: TrainerState['control']) => steady(legsOf([TURBO], { ...HELD, control }))
    expect(secondsOf('control-held', control('asking'))).toBe(4)
    const taken = (atS: number) => ({ legs: legsOf([TURBO], { ...HELD, control: atS < 10 ? 'held' : 'asking' }) })
    expect([secondsOf('control-lost', taken), secondsOf('control-held', taken)]).toEqual([14, undefined])
    expect(secondsOf('no-answer', control('silent'))).toBe(0)
    expect(secondsOf('refused', control('refused'))).toBe(0)
    expect(secondsOf('unsupported', control('unsupported'))).toBe(0)
    const old = { ...TURBO, isTrainer: false, brings: ['power', 'cadence'] }
    expect(secondsOf('no-resistance', steady(legsOf([old])))).toBe(0)
  })

  test('[B135] the worst comes first, and small things after it', () => {
    const low = { ...STRAP, batteryPercent: 9 }
    const environment = {
      ...linkOf('lost'),
      waiting: [
        { id: 'ble:9', name: 'Crank' },
        { id: 'ble:8', name: 'Buttons' },
      ],
    }
    const shown = new TroubleWatch().look(legsOf([low, AWAY]), environment, 0)
    expect(shown.map(({ id, level, words }) => [id, level, words])).toEqual([
      ['lost', 'bad', 'Turbo is gone.'],
      ['battery-low', 'working', 'Strap has 9 % of its battery left.'],
      ['waiting', 'working', 'Paired on another day: Crank, Buttons.'],
    ])
  })
})
