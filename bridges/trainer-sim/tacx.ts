import { decodeAntFrame } from '../core/ant-message.ts'
import { AntTrainer, broadcastFrame } from './ant-pages.ts'
import { TACX_SAYS } from './services.ts'
import type { SimulatedTrainer } from './trainer.ts'

/** The channel that trainers write into these frames. */
const CHANNEL = 5

/** One frame in so many with a checksum that is not its own. */
export class FrameSpoiler {
  readonly #trainer: SimulatedTrainer
  #count = 0

  constructor(trainer: SimulatedTrainer) {
    this.#trainer = trainer
  }

  frame(bytes: Uint8Array): Uint8Array {
    const every = this.#trainer.faults.value('bad-crc')
    this.#count++
    if (every === undefined || every < 1 || this.#count % Math.floor(every) !== 0) return bytes
    const spoiled = bytes.slice()
    spoiled[spoiled.length - 1]! ^= 0x5a
    return spoiled
  }
}

/** FE-C over Bluetooth: the master's pages as whole ANT frames in one characteristic, control pages in another. */
export function speakTacx(trainer: SimulatedTrainer): AntTrainer {
  const ant = new AntTrainer(trainer)
  const spoiler = new FrameSpoiler(trainer)
  trainer.onTacxWrite = (bytes) => {
    const got = decodeAntFrame(bytes)
    if (got.ok && got.value.isChecksumRight && got.value.content.length === 9) ant.take(got.value.content.slice(1))
  }
  trainer.listeners.add(() => {
    trainer.peripheral.notify(TACX_SAYS, spoiler.frame(broadcastFrame(CHANNEL, ant.next())))
  })
  return ant
}
