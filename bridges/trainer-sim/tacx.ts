import { decodeTacx, encodeTacxPage, TACX_GATT } from '../core/profiles/tacx.ts'
import { AntTrainer } from './ant-pages.ts'
import type { SimulatedTrainer } from './trainer.ts'

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
    const got = decodeTacx(bytes)
    if (got.ok) ant.take(got.value.page)
  }
  trainer.listeners.add(() => {
    trainer.peripheral.notify(TACX_GATT.notify, spoiler.frame(encodeTacxPage(ant.next())))
  })
  return ant
}
