import { describe, expect, test } from 'vitest'
import { AntBench, MADE_UP_KEY } from '#test/support/ant-bench'
import type { FakeTrouble } from './fake/stick.ts'
import { antFaults, type AntProbe, probeAnt, UDEV_RULE } from './faults.ts'
import { openAnt } from './main.ts'

const WITH_KEY = { GRUPPETTO_ANT_KEY: MADE_UP_KEY }

function probed(environment: Readonly<Record<string, string>>, trouble?: FakeTrouble, sticks = 1): AntProbe {
  const b = new AntBench()
  for (let port = 1; port <= sticks; port++) b.stick({ port }).trouble = trouble
  return probeAnt(environment, b.driver, 'linux')
}
const codes = (probe: AntProbe) => antFaults(probe).map(({ code }) => code)

describe('faults', () => {
  test('[B59] each is named, with its remedy; with a stick and a key there is none', () => {
    expect(codes(probed(WITH_KEY))).toEqual([])
    expect(codes(probed(WITH_KEY, undefined, 0))).toEqual(['no-stick'])
    expect(codes(probed(WITH_KEY, 'no-permission'))).toEqual(['no-permission'])
    expect(codes(probed(WITH_KEY, 'busy'))).toEqual(['busy'])
    expect(codes(probed(WITH_KEY, 'no-driver'))).toEqual(['no-driver'])
    expect(codes(probed({}))).toEqual(['no-key'])
    expect(codes(probed({ GRUPPETTO_ANT_KEY: 'abc' }))).toEqual(['bad-key'])
    expect(codes(probeAnt({}, undefined))).toEqual(['no-package', 'no-key'])
    for (const fault of antFaults(probed({}, 'busy'))) expect(fault.remedy).not.toBe('')
  })

  test('[B59] no permission on Linux comes with the rule itself', () => {
    const [fault] = antFaults(probed(WITH_KEY, 'no-permission'))
    expect(fault!.remedy).toContain(UDEV_RULE)
    expect(UDEV_RULE).toBe(
      'SUBSYSTEM=="usb", ATTR{idVendor}=="0fcf", ATTR{idProduct}=="1008|1009", MODE="0660", TAG+="uaccess"',
    )
  })

  test('[B59] one usable stick is enough', () => {
    const b = new AntBench()
    b.stick({ port: 1 }).trouble = 'busy'
    b.stick({ port: 2 })
    expect(codes(probeAnt(WITH_KEY, b.driver, 'linux'))).toEqual([])
  })

  test('[B59] what is looked at is left as it was found', () => {
    const b = new AntBench()
    const stick = b.stick()
    probeAnt(WITH_KEY, b.driver)
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => expect(stick.interfaces).toBeUndefined())
  })

  test('[B59] what is looked at holds no key', () => {
    expect(JSON.stringify(probed(WITH_KEY))).not.toContain(MADE_UP_KEY)
    expect(JSON.stringify(probed({ GRUPPETTO_ANT_KEY: `${MADE_UP_KEY}9` }))).not.toContain(MADE_UP_KEY)
  })
})

const sentenceOf = (key: string | undefined): string => {
  const b = new AntBench()
  b.stick()
  const opened = openAnt({ GRUPPETTO_ANT_KEY: key }, b.driver)
  return opened.ok ? 'opened' : opened.sentence
}

describe('a stick that cannot be used yet', () => {
  test('[B59] is waited for: not there, no permission, another program; each is said once', () => {
    const b = new AntBench()
    b.start()
    b.run(3000)
    const stick = b.stick()
    stick.trouble = 'no-permission'
    b.run(3000)
    stick.trouble = 'busy'
    b.run(3000)
    stick.trouble = undefined
    b.run(2000)
    expect(b.said.map((sentence) => sentence.split('. ')[0])).toEqual([
      'ANT+: no stick is plugged in; waiting for one',
      'ANT+: A stick is there (at 1-1), but this user may not use it',
      'ANT+: A stick is there (at 1-1), but another program has it',
      'ANT+: the stick at 1-1 is ready, 8 channels',
    ])
  })
})

describe('without what it needs, one sentence', () => {
  test('[B59] no key, half a key, no hex; a stick is waited for', () => {
    expect(sentenceOf(MADE_UP_KEY)).toBe('opened')
    expect(sentenceOf(` ${MADE_UP_KEY}\n`)).toBe('opened')
    expect(sentenceOf(undefined)).toMatch(
      /^ANT\+ needs its network key in GRUPPETTO_ANT_KEY \(16 hex digits\)\. It is free/,
    )
    expect(sentenceOf('0102')).toMatch(/^GRUPPETTO_ANT_KEY must be 16 hex digits; it has 4 characters\. /)
    expect(sentenceOf('0x02030405060708')).toMatch(/it has 16 characters, and some are no hex digits\./)
  })
})
