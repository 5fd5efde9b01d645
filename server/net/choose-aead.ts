import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { type Aead, loadSodiumAead, nodeAead } from './aead.ts'

/** Packets sealed to see who is faster; a few milliseconds at the start of a server. */
const TRIES = 2000
/** A packet as most are. */
const PACKET_BYTES = 100
const HEADER_BYTES = 3

/** Who seals here, by the setting: the accelerator where it is installed and faster, else node:crypto. */
export async function chooseAead(setting: Config['aead'], clock: Pick<Clock, 'nowMs'>): Promise<Aead> {
  if (setting === 'node') return nodeAead
  const sodium = await loadSodiumAead()
  if (sodium !== undefined) {
    if (setting === 'sodium') return sodium
    const timeOf = (aead: Aead): number => Math.min(measure(aead, clock), measure(aead, clock), measure(aead, clock))
    return timeOf(sodium) < timeOf(nodeAead) ? sodium : nodeAead
  }
  if (setting === 'auto') return nodeAead
  throw new AppError(
    'ERR_CONFIG',
    'GRUPPETTO_AEAD is sodium, but the package sodium-native cannot be loaded here: install it (npm install), or set GRUPPETTO_AEAD=auto.',
  )
}

function measure(aead: Aead, clock: Pick<Clock, 'nowMs'>): number {
  const sealer = aead.createSealer({ sealKey: new Uint8Array(32), openKey: new Uint8Array(32) })
  const datagram = new Uint8Array(PACKET_BYTES)
  const fromMs = clock.nowMs()
  for (let number = 0; number < TRIES; number++) sealer.seal(number, datagram, HEADER_BYTES)
  return clock.nowMs() - fromMs
}
