import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'

/** A published library for ANT+ sticks, driven as its users drive it: over USB, which here is ours. */
export interface AntPeer {
  readonly name: string
  /** What it sends for a target power. */
  targetFrame(channel: number, powerW: number): Uint8Array
  /** A read of the stick's endpoint; throws what the library throws. */
  feed(chunk: Buffer): void
  /** Of its trainer sensor. */
  readonly heard: { count: number; powerW: number | undefined; averageW: number | undefined }
}

const require = createRequire(import.meta.url)
const VENDOR = 0x0fcf
const PRODUCT = 0x1009
const DEVICE_NUMBER = 4711
const CHANNELS = 8

/** A stick as the USB library shows one: two endpoints, and answers to what is written. */
class FakeUsbStick {
  readonly deviceDescriptor = { idVendor: VENDOR, idProduct: PRODUCT }
  readonly written: Uint8Array[] = []
  readonly inEndpoint = Object.assign(new EventEmitter(), {
    startPoll: () => {},
    stopPoll: (done: () => void) => done(),
  })
  readonly outEndpoint = Object.assign(new EventEmitter(), {
    transfer: (data: Uint8Array, done: () => void): void => {
      this.written.push(data)
      done()
      this.#answer(data)
    },
  })
  readonly interfaces = [
    {
      isKernelDriverActive: () => false,
      claim: () => {},
      endpoints: [this.inEndpoint, this.outEndpoint],
    },
  ]
  open(): void {}
  close(): void {}

  feed(chunk: Buffer): void {
    this.inEndpoint.emit('data', chunk)
  }

  #answer(data: Uint8Array): void {
    const id = data[2]!
    if (id === 0x4a) this.#say(0x6f, 0)
    else if (id === 0x4d && data[4] === 0x54) this.#say(0x54, CHANNELS, 3, 0, 0, 0x06)
    else if (id !== 0x4f && id !== 0x4d) this.#say(0x40, data[3]!, id, 0)
  }

  #say(id: number, ...content: number[]): void {
    const frame = [0xa4, content.length, id, ...content]
    this.feed(Buffer.from([...frame, frame.reduce((sum, byte) => sum ^ byte, 0)]))
  }
}

interface State {
  readonly InstantaneousPower?: number
  readonly AveragePower?: number
}

/** ant-plus: a stick, a sensor on it, and its own USB library told of our stick. undefined: not installed. */
export function openAntPlus(): AntPeer | undefined {
  interface Sensor extends EventEmitter {
    channel: number
    attach(channel: number, deviceId: number): void
    setTargetPower(powerW: number): void
    msgQueue: unknown[]
  }
  try {
    const { usb } = require('usb') as { usb: { getDeviceList(): unknown[] } }
    const library = require('ant-plus') as {
      GarminStick3: new () => { open(): boolean }
      FitnessEquipmentSensor: new (stick: unknown) => Sensor
    }
    const device = new FakeUsbStick()
    const real = usb.getDeviceList
    usb.getDeviceList = () => [device]
    const stick = new library.GarminStick3()
    const sensor = new library.FitnessEquipmentSensor(stick)
    stick.open()
    usb.getDeviceList = real
    sensor.attach(0, DEVICE_NUMBER)
    const heard: AntPeer['heard'] = { count: 0, powerW: undefined, averageW: undefined }
    sensor.on('fitnessData', (state: State) => note(heard, state))
    return {
      name: 'ant-plus 0.2.0',
      heard,
      feed: (chunk) => device.feed(chunk),
      targetFrame(channel, powerW) {
        // Its queue waits for an answer that never comes here; each target is to be the first.
        sensor.msgQueue.length = 0
        sensor.channel = channel
        sensor.setTargetPower(powerW)
        sensor.channel = 0
        return device.written.at(-1)!
      },
    }
  } catch {
    // Optional: a machine without it has one row less.
    return undefined
  }
}

/** incyclist-ant-plus: its device class over our stick, a channel and a sensor attached to it. */
export async function openIncyclistAnt(): Promise<AntPeer | undefined> {
  interface Channel extends EventEmitter {
    attach(sensor: unknown): void
  }
  try {
    const { FitnessEquipmentSensor, Messages } = require('incyclist-ant-plus') as {
      FitnessEquipmentSensor: new (deviceId: number) => unknown
      Messages: { acknowledgedData(content: number[]): Buffer }
    }
    const { AntDevice } = require('incyclist-ant-plus/lib/ant-device.js') as {
      AntDevice: new () => {
        channels: unknown[]
        openUSBDevice(device: unknown): Promise<boolean>
        getChannel(): Channel
      }
    }
    const stick = new FakeUsbStick()
    const device = new AntDevice()
    await device.openUSBDevice(stick)
    device.channels = Array.from({ length: CHANNELS }, () => null)
    const channel = device.getChannel()
    channel.attach(new FitnessEquipmentSensor(DEVICE_NUMBER))
    const heard: AntPeer['heard'] = { count: 0, powerW: undefined, averageW: undefined }
    channel.on('data', (_profile: string, _id: number, state: State) => note(heard, state))
    return {
      name: 'incyclist-ant-plus 0.3.6',
      heard,
      feed: (chunk) => stick.feed(chunk),
      targetFrame(onChannel, powerW) {
        const quarters = powerW * 4
        // As its sensor's sendTargetPower does, which waits for an answer of the radio.
        const content = [onChannel, 0x31, 0xff, 0xff, 0xff, 0xff, 0xff, quarters & 0xff, quarters >> 8]
        return Messages.acknowledgedData(content)
      },
    }
  } catch {
    // As above.
    return undefined
  }
}

function note(heard: AntPeer['heard'], state: State): void {
  heard.count++
  heard.powerW = state.InstantaneousPower
  heard.averageW = state.AveragePower
}
