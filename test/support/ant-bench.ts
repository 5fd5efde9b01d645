import { AntCarrier, type AntCarrierOptions } from '#bridges/ant/carrier'
import { FakeAir } from '#bridges/ant/fake/air'
import { FakeStick, type FakeStickOptions } from '#bridges/ant/fake/stick'
import { FecTrainer, type FecReport } from '#bridges/ant/fake/trainer'
import { fakeDriver, FakeUsb } from '#bridges/ant/fake/usb'
import type { CalibrationEvent, DeviceLink, LegsCommand } from '#bridges/core/devices'
import type { ControlAnswer, ControlRequest, ControlResult } from '#bridges/core/profiles/control-point'
import type { Reading } from '#bridges/core/sample'
import { VirtualClock } from '#cli/sim/virtual-clock'

/** Made up: the real one is nobody's to publish. */
export const MADE_UP_KEY = '0102030405060708'
export const OUR_NUMBER = 8214

/** What one device said, from its first link on. */
export class Heard {
  readonly links: DeviceLink[] = []
  readonly readings: { readonly reading: Reading; readonly atMs: number }[] = []
  readonly answers: { readonly answer: ControlAnswer; readonly atMs: number }[] = []
  readonly batteries: number[] = []
  readonly calibrations: CalibrationEvent[] = []
  readonly commands: LegsCommand[] = []
  controlLost = 0
  gone = 0

  get link(): DeviceLink {
    return this.links.at(-1)!
  }
  get watts(): (number | undefined)[] {
    return this.readings.flatMap(({ reading }) => (reading.powerW === undefined ? [] : [reading.powerW]))
  }

  attach(link: DeviceLink): void {
    this.links.push(link)
    link.start({
      reading: (reading, atMs) => this.readings.push({ reading, atMs }),
      answered: (answer, atMs) => this.answers.push({ answer, atMs }),
      controlLost: () => this.controlLost++,
      battery: (percent) => this.batteries.push(percent),
      calibration: (event) => this.calibrations.push(event),
      command: (command) => this.commands.push(command),
      gone: () => this.gone++,
    })
  }
}

/** A machine with sticks, an air full of devices, and the carrier between them; in virtual time, through the published package. */
export class AntBench {
  readonly clock = new VirtualClock()
  readonly air = new FakeAir(this.clock)
  readonly usb = new FakeUsb()
  readonly driver = fakeDriver(this.usb)
  readonly said: string[] = []
  readonly heard = new Map<string, Heard>()
  #carrier: AntCarrier | undefined

  stick(options: Partial<FakeStickOptions> = {}): FakeStick {
    const stick = new FakeStick({ clock: this.clock, air: this.air, ...options })
    this.usb.plug(stick)
    return stick
  }

  start(options: Partial<AntCarrierOptions> = {}): AntCarrier {
    const carrier = new AntCarrier({
      ...{ clock: this.clock, driver: this.driver, ourNumber: OUR_NUMBER },
      networkKey: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      onDevice: (link) => {
        const heard = this.heard.get(link.id) ?? new Heard()
        this.heard.set(link.id, heard)
        heard.attach(link)
      },
      onState: (sentence) => this.said.push(sentence),
      ...options,
    })
    this.#carrier = carrier
    carrier.start()
    return carrier
  }

  of(id: string): Heard {
    const heard = this.heard.get(id)
    if (heard === undefined) throw new Error(`${id} was not found; found: ${[...this.heard.keys()].join(', ')}`)
    return heard
  }

  run(forMs: number): void {
    this.clock.runUntil(this.clock.nowMs() + forMs)
  }

  /** Closing waits for the trainer and for USB, which speak in virtual time and in microtasks. */
  async close(): Promise<void> {
    const state = { isClosed: false }
    const closing = this.#carrier?.close().then(() => (state.isClosed = true))
    for (let i = 0; i < 200 && !state.isClosed; i++) {
      this.run(25)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await closing
    this.air.close()
  }
}

/** A trainer that pushes steadily and notes what is asked of it. */
export function steadyTrainer(deviceNumber: number, more: Partial<ConstructorParameters<typeof FecTrainer>[0]> = {}) {
  const report: { -readonly [K in keyof FecReport]: FecReport[K] } = { powerW: 200, cadenceRpm: 90, speedMps: 9 }
  const asked: ControlRequest[] = []
  const results: { next: ControlResult } = { next: 'success' }
  const trainer = new FecTrainer({
    deviceNumber,
    report: () => report,
    obey: (request) => {
      asked.push(request)
      return results.next
    },
    ...more,
  })
  return { trainer, report, asked, results }
}
