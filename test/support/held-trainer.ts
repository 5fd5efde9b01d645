import { DirconClient } from '#bridges/dircon/client'
import { gattDevice } from '#bridges/core/gatt-rider'
import { Legs, LEGS_TICK_MS } from '#bridges/core/legs'
import { speakTo } from '#bridges/supervisor'
import { systemClock } from '#server/clock'

// A bridge without a server, to be killed: it holds the trainer at the port it is given on a climb of 8 %.
const port = Number(process.argv[2])
const { onTrainer } = speakTo((word) => process.send?.(word), systemClock)
const legs = new Legs({ onTrainer })
const client = new DirconClient({
  ...{ host: '127.0.0.1', port, clock: systemClock },
  onState: () => {},
  onLink: (link) => void gattDevice(link, systemClock).then((device) => legs.add(device, systemClock.nowMs())),
})
client.start()
setInterval(() => {
  legs.road({ gradeFraction: 0.08 }, systemClock.nowMs())
  legs.tick(systemClock.nowMs())
}, LEGS_TICK_MS)
