import process from 'node:process'
import { cleanLine } from '../room/names.ts'
import { trackRoad } from './track-road.ts'
import type { TrackOrder, TrackReply } from './track-shop.ts'

/** One file becomes a road in a process of its own: a hostile one takes this process down, and no tick waits for it. */
process.once('message', ({ bytes, fileName, id }: TrackOrder) => {
  let reply: TrackReply
  try {
    const road = trackRoad(bytes, fileName, id)
    reply = road.ok
      ? { ok: true, road: { ...road.value, name: cleanLine(road.value.name, 60) } }
      : { ok: false, message: road.error.slice(0, 3).join(' '), reason: road.reason }
  } catch {
    // A door that throws is a fault of ours: the sender learns that it was not read, and no more.
    reply = { ok: false, message: `${fileName} could not be made into a road.`, reason: 'track-road' }
  }
  process.send!(reply, () => process.disconnect())
})
