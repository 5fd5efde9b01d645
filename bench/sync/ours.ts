import { createDrawn, type Judge } from './judge.ts'
import type { LinkProfile } from './link.ts'
import { OurRoom } from './our-room.ts'
import { Playback } from './playback.ts'
import { nothingSent, type Contender, type Rig, type Sent } from './rig.ts'
import type { Stage } from './trace.ts'

/** UDP over IPv4. */
export const UDP_HEADER_BYTES = 28

/** Ours, the whole of it: sealed sessions, the real client with the picture it draws, over the link both ways. */
export function ours(inView = 64): Contender {
  return {
    name: 'gruppetto',
    headerBytes: UDP_HEADER_BYTES,
    begin: (stage, viewers, link, seed) => new OurRig(stage, viewers, { link, seed, inView }),
  }
}

class OurRig implements Rig {
  readonly sent: Sent = nothingSent()
  readonly #room: OurRoom
  readonly #drawn = createDrawn()

  constructor(
    stage: Stage,
    viewers: readonly number[],
    { link, seed, inView }: { readonly link: LinkProfile; readonly seed: number; readonly inView: number },
  ) {
    this.#room = new OurRoom(new Playback(stage), { seed, inView })
    for (const [i, row] of viewers.entries()) this.#room.join(row, link, seed * 1000 + i)
  }

  tick(tick: number): void {
    const room = this.#room
    room.tick(tick)
    let opened = 0
    let bits = 0
    for (const client of room.clients) {
      this.sent.viewerTicks++
      this.sent.riderTicks += client.remote.count
      opened += client.opened
      bits += client.riderBits
    }
    this.sent.bytes = room.bytes
    this.sent.packets = room.packets
    // Bits are counted where packets are opened; in those that were lost there were as many.
    this.sent.payloadBits = opened === 0 ? 0 : (bits / opened) * room.packets
  }

  run(untilMs: number): void {
    this.#room.run(untilMs)
  }

  draw(nowMs: number, dtS: number, judge: Judge): void {
    const drawn = this.#drawn
    drawn.shownMs = nowMs
    for (const { net, remote } of this.#room.clients) {
      remote.frame(net.session.tickAt(nowMs), net.buffer.newestTick, dtS)
      judge.frame()
      for (let row = 0; row < remote.rows; row++) {
        if (remote.id[row] === 0) continue
        drawn.row = remote.id[row]! - 1
        drawn.placeM = remote.shownPlaceM[row]!
        drawn.lateralM = remote.shownLateralM[row]!
        drawn.powerW = remote.known[row]!.powerW
        judge.see(drawn, nowMs)
      }
    }
  }
}

export const OURS = ours()
