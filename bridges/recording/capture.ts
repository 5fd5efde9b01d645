import { encodeAntFrame } from '../core/ant-frame.ts'
import { AntFramer } from '../core/ant-framer.ts'
import { decodeAntPage } from '../core/ant-page.ts'
import { toHex } from '../core/bytes.ts'
import type { RawRecord } from '../core/recording/record.ts'

/** A stick's raw stream in a file (`.cap`) has no times: each sender's pages are laid a quarter of a second apart, as they are sent. */
const PAGE_MS = 250
const STICK = 'ant:capture'

export function recordsOfCapture(bytes: Uint8Array): readonly RawRecord[] {
  const sent = new Map<string, number>()
  let lastMs = 0
  const frames = new AntFramer().push(bytes)
  return frames.map((frame) => {
    const page = decodeAntPage(frame)
    const sender = page.ok ? page.value.sender : undefined
    const who = `${sender?.deviceType} ${sender?.deviceNumber}`
    const count = sent.get(who) ?? 0
    sent.set(who, count + 1)
    lastMs = Math.max(lastMs, PAGE_MS * (count + 1))
    return { ms: lastMs, id: STICK, is: 'in', hex: toHex(encodeAntFrame(frame.id, frame.content)) }
  })
}
